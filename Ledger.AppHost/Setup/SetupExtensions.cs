using Ledger.AppHost.Dependencies;
using Ledger.AppHost.Parameters;

namespace Ledger.AppHost.Setup;

/// <summary>What is done once on empty servers before a ledger can use them: <c>Ledger.DevHost setup NAME</c>, run to completion.</summary>
internal static class SetupExtensions
{
    /// <summary>The database's roles and logins, Vault's transit engine and the two tokens, and the bucket of the marks. Nothing in a
    /// published stack: who runs those servers sets them up.</summary>
    public static IReadOnlyList<IResourceBuilder<ProjectResource>> AddSetups(
        this IDistributedApplicationBuilder builder, LedgerDependencies on)
    {
        if (on.Local is not { } stack)
            return [];
        return [builder.AddDatabaseSetup(stack), builder.AddVaultSetup(on.Vault, stack), builder.AddStorageSetup(on.Storage, stack)];
    }

    private static IResourceBuilder<ProjectResource> AddDatabaseSetup(this IDistributedApplicationBuilder builder, LocalStack stack) =>
        builder.AddSetup("database", stack[ServiceNames.Postgres])
            .WithEnvironment("ConnectionStrings__postgres", stack.Administrator)
            .WithEnvironment("LEDGER_DB_OWNER_PASSWORD", stack.Secrets.OwnerPassword)
            .WithEnvironment("LEDGER_DB_API_PASSWORD", stack.Secrets.ApiPassword)
            .WithEnvironment("LEDGER_DB_WORKERS_PASSWORD", stack.Secrets.WorkersPassword);

    private static IResourceBuilder<ProjectResource> AddVaultSetup(
        this IDistributedApplicationBuilder builder, VaultAccess vault, LocalStack stack) =>
        builder.AddSetup("vault", stack[ServiceNames.Vault])
            .WithEnvironment("VAULT_ADDR", vault.Address)
            .WithEnvironment("VAULT_TOKEN", stack.Secrets.VaultRootToken)
            .WithEnvironment("Vault__TransitKey", "ledger-ed25519")
            .WithEnvironment("Vault__EntryToken", vault.EntryToken)
            .WithEnvironment("Vault__WorkerToken", vault.WorkerToken);

    private static IResourceBuilder<ProjectResource> AddStorageSetup(
        this IDistributedApplicationBuilder builder, StorageAccess storage, LocalStack stack) =>
        builder.AddSetup("storage", stack[ServiceNames.Storage])
            .WithEnvironment("AWS_ENDPOINT_URL", storage.Endpoint)
            .WithEnvironment("AWS_REGION", storage.Region)
            .WithEnvironment("AWS_ACCESS_KEY_ID", storage.AccessKey)
            .WithEnvironment("AWS_SECRET_ACCESS_KEY", storage.SecretKey)
            .WithEnvironment("HighWaterMark__Bucket", storage.Bucket);

    private static IResourceBuilder<ProjectResource> AddSetup(this IDistributedApplicationBuilder builder, string what, Service server) =>
        builder.AddProject<Projects.Ledger_DevHost>($"setup-{what}", launchProfileName: null)
            .WithIconName("Wrench")
            .WithArgs("setup", what)
            .WaitFor(server.Resource);
}
