namespace Ledger.AppHost.Dependencies;

internal static class ExistingDependencies
{
    /// <summary>
    /// What an organisation has already, by parameters of the published stack: a database with the three logins, a Vault with transit and
    /// two tokens, a Keycloak with the two realms, an S3 bucket, a transparency log, a timestamping authority, a mail server. Nothing of
    /// it is published: a development server of Vault, or a database without backups, has no place in a deployment.
    /// </summary>
    public static LedgerDependencies AddExisting(this IDistributedApplicationBuilder builder) => new()
    {
        Database = new DatabaseLogins(
            Of(builder.AddConnectionString("ledger-owner")), Of(builder.AddConnectionString("ledger-api")),
            Of(builder.AddConnectionString("ledger-workers"))),
        Vault = new VaultAccess(
            builder.Setting("vault-address"), builder.Secret("vault-entry-token"), builder.Secret("vault-worker-token")),
        Identity = new IdentityAccess(builder.Setting("keycloak-address"), builder.Secret("keycloak-workers-secret"),
            builder.Secret("keycloak-platform-workers-secret"), builder.Setting("portal-address")),
        Storage = new StorageAccess(builder.Setting("storage-endpoint"), builder.Setting("storage-region"), builder.Setting("marks-bucket"),
            builder.Secret("storage-access-key"), builder.Secret("storage-secret-key")),
        Rekor = new RekorAccess(builder.Setting("rekor-url"), builder.Setting("rekor-public-key"), builder.Setting("rekor-origin")),
        Timestamping = new TimestampingAccess(builder.Setting("timestamping-url"), builder.Setting("timestamping-certificates")),
        Mail = new MailAccess(builder.Setting("smtp-host"), builder.Setting("smtp-port"), builder.Setting("smtp-from")),
        Network = new NetworkAccess(builder.Setting("admin-network"), builder.Setting("proxy-network")),
        Otlp = builder.Setting("otlp-endpoint"),
        LogName = builder.Setting("log-name"),
    };

    private static ReferenceExpression Setting(this IDistributedApplicationBuilder builder, string name) =>
        ReferenceExpression.Create($"{builder.AddParameter(name)}");

    private static ParameterResource Secret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, secret: true).Resource;

    private static ReferenceExpression Of(IResourceBuilder<IResourceWithConnectionString> login) =>
        ReferenceExpression.Create($"{login}");
}
