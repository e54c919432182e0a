using Ledger.AppHost.Identity;
using Ledger.AppHost.Parameters;
using Ledger.AppHost.Rekor;
using Ledger.AppHost.Timestamping;

namespace Ledger.AppHost.Dependencies;

internal static class EmulatorDependencies
{
    private const string Http = "http", Smtp = "smtp", Port = "EMULATOR_PORT";

    /// <summary>
    /// The DevHost's emulators as processes, and a PostgreSQL that runs already: connection string <c>postgres</c>, of an administrator.
    /// What they keep lies in <c>.ledger/apphost</c> and outlives a run, as the database does.
    /// </summary>
    public static LedgerDependencies AddEmulators(this IDistributedApplicationBuilder builder)
    {
        var secrets = new LedgerSecrets(builder);
        var postgres = builder.AddConnectionString(ServiceNames.Postgres);
        var vault = builder.AddEmulator(ServiceNames.Vault, "vault", "/v1/sys/health")
            .WithEnvironment("VAULT_DEV_ROOT_TOKEN_ID", secrets.VaultRootToken);
        var keycloak = builder.AddEmulator(ServiceNames.Keycloak, "keycloak", "/realms/ledger/.well-known/openid-configuration")
            .WithArgs("--realms", Path.Combine(builder.AppHostDirectory, RealmImportExtensions.Realms))
            .WithRealmSecrets(secrets);
        var storage = builder.AddEmulator(ServiceNames.Storage, "s3", "/minio/health/live")
            .WithEnvironment("MINIO_ROOT_USER", secrets.StorageAccessKey)
            .WithEnvironment("MINIO_ROOT_PASSWORD", secrets.StorageSecretKey);
        var rekor = builder.AddEmulator(ServiceNames.Rekor, "rekor", "/api/v1/log")
            .WithEnvironment("REKOR_LOG_KEY", secrets.RekorLogKey)
            .WithEnvironment("REKOR_ORIGIN", RekorResource.Origin);
        var timestamping = builder.AddEmulator(ServiceNames.Timestamping, "tsa", "/api/v1/timestamp/certchain")
            .WithEnvironment("TSA_SIGNER_KEY", Derived.From(secrets.TimestampingIdentity, AuthorityIdentity.Key))
            .WithEnvironment("TSA_CERTIFICATES", Derived.From(secrets.TimestampingIdentity, AuthorityIdentity.Certificates));
        var mail = builder.AddProgram(ServiceNames.Mail, "smtp").WithEndpoint(name: Smtp, scheme: Smtp, env: Port);

        var stack = new LocalStack(secrets, postgres,
        [
            new(ServiceNames.Postgres, postgres), new(ServiceNames.Vault, vault), new(ServiceNames.Keycloak, keycloak),
            new(ServiceNames.Storage, storage), new(ServiceNames.Rekor, rekor), new(ServiceNames.Timestamping, timestamping),
            new(ServiceNames.Mail, mail),
        ]);
        return LocalDependencies.Of(stack, new LocalAddresses(
            Address(vault), Address(keycloak), Address(storage), Address(rekor),
            ReferenceExpression.Create($"{timestamping.GetEndpoint(Http)}/api/v1/timestamp"), mail.GetEndpoint(Smtp)));
    }

    private static IResourceBuilder<ProjectResource> AddEmulator(
        this IDistributedApplicationBuilder builder, string name, string emulator, string health) =>
        builder.AddProgram(name, emulator)
            .WithHttpEndpoint(name: Http, env: Port)
            .WithHttpHealthCheck(health);

    private static IResourceBuilder<ProjectResource> AddProgram(
        this IDistributedApplicationBuilder builder, string name, string emulator) =>
        builder.AddProject<Projects.Ledger_DevHost>(name, launchProfileName: null)
            .WithIconName("Beaker")
            .WithArgs("emulator", emulator, "--state",
                Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", ".ledger", "apphost", name)));

    private static ReferenceExpression Address(IResourceBuilder<ProjectResource> emulator) =>
        ReferenceExpression.Create($"{emulator.GetEndpoint(Http)}");
}
