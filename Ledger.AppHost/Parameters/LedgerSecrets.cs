using Ledger.AppHost.Timestamping;

namespace Ledger.AppHost.Parameters;

/// <summary>
/// Every secret of a stack on this machine. Each is made up at the first run and kept in the AppHost's user secrets, so that it is the same
/// the next time; <c>Parameters:vault-root-token</c> and so on in the configuration say otherwise. A published stack has none of these.
/// </summary>
internal sealed class LedgerSecrets(IDistributedApplicationBuilder builder)
{
    public IResourceBuilder<ParameterResource> PostgresPassword { get; } = Password(builder, "postgres-password");

    public IResourceBuilder<ParameterResource> OwnerPassword { get; } = Password(builder, "ledger-owner-password");

    public IResourceBuilder<ParameterResource> ApiPassword { get; } = Password(builder, "ledger-api-password");

    public IResourceBuilder<ParameterResource> WorkersPassword { get; } = Password(builder, "ledger-workers-password");

    public IResourceBuilder<ParameterResource> VaultRootToken { get; } = Password(builder, "vault-root-token");

    public IResourceBuilder<ParameterResource> VaultEntryToken { get; } = Password(builder, "vault-entry-token");

    public IResourceBuilder<ParameterResource> VaultWorkerToken { get; } = Password(builder, "vault-worker-token");

    public IResourceBuilder<ParameterResource> StorageAccessKey { get; } = Password(builder, "storage-access-key");

    public IResourceBuilder<ParameterResource> StorageSecretKey { get; } = Password(builder, "storage-secret-key");

    public IResourceBuilder<ParameterResource> KeycloakPassword { get; } = Password(builder, "keycloak-password");

    public IResourceBuilder<ParameterResource> KeycloakWorkersSecret { get; } = Password(builder, "keycloak-workers-secret");

    public IResourceBuilder<ParameterResource> KeycloakPlatformSecret { get; } = Password(builder, "keycloak-platform-workers-secret");

    public IResourceBuilder<ParameterResource> KeycloakMachineSecret { get; } = Password(builder, "keycloak-machine-secret");

    /// <summary>Of every demo person.</summary>
    public IResourceBuilder<ParameterResource> DemoPassword { get; } = Password(builder, "demo-password");

    /// <summary>Key of plat-admin's one-time codes.</summary>
    public IResourceBuilder<ParameterResource> DemoTotp { get; } = Password(builder, "demo-totp");

    /// <summary>The log's private key, ECDSA P-256, PEM.</summary>
    public IResourceBuilder<ParameterResource> RekorLogKey { get; } =
        builder.AddParameter("rekor-log-key", new MadeUp(EcdsaKey.Create), secret: true, persist: true);

    /// <summary>The timestamping authority's private key and chain in one, so that they cannot come apart.</summary>
    public IResourceBuilder<ParameterResource> TimestampingIdentity { get; } =
        builder.AddParameter("timestamping-identity", new MadeUp(AuthorityIdentity.Create), secret: true, persist: true);

    /// <summary>Letters and digits: none needs quoting in SQL, in a URI or in a realm file, and Keycloak wants a digit.</summary>
    private static IResourceBuilder<ParameterResource> Password(IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name,
            new GenerateParameterDefault { MinLength = 32, Special = false, MinLower = 1, MinNumeric = 1 }, secret: true, persist: true);
}
