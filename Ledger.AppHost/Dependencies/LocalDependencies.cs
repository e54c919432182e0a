using Ledger.AppHost.Database;
using Ledger.AppHost.Parameters;
using Ledger.AppHost.Rekor;
using Ledger.AppHost.Timestamping;

namespace Ledger.AppHost.Dependencies;

/// <summary>Where the services of this machine listen.</summary>
internal sealed record LocalAddresses(
    ReferenceExpression Vault, ReferenceExpression Keycloak, ReferenceExpression Storage, ReferenceExpression Rekor,
    ReferenceExpression Timestamping, EndpointReference Smtp);

/// <summary>What containers and emulators have in common: the secrets, the names, and what follows from them.</summary>
internal static class LocalDependencies
{
    public const string Bucket = "ledger-marks", Region = "us-east-1";

    public static LedgerDependencies Of(LocalStack stack, LocalAddresses at) => new()
    {
        Local = stack,
        Database = new DatabaseLogins(
            Login(stack, "ledger_owner", stack.Secrets.OwnerPassword), Login(stack, "ledger_api", stack.Secrets.ApiPassword),
            Login(stack, "ledger_workers", stack.Secrets.WorkersPassword)),
        Vault = new VaultAccess(at.Vault, stack.Secrets.VaultEntryToken.Resource, stack.Secrets.VaultWorkerToken.Resource),
        Identity = new IdentityAccess(at.Keycloak, stack.Secrets.KeycloakWorkersSecret.Resource,
            stack.Secrets.KeycloakPlatformSecret.Resource, Text("http://localhost:8090/invitation")),
        Storage = new StorageAccess(at.Storage, Text(Region), Text(Bucket), stack.Secrets.StorageAccessKey.Resource,
            stack.Secrets.StorageSecretKey.Resource),
        Rekor = new RekorAccess(at.Rekor, Derived.From(stack.Secrets.RekorLogKey, EcdsaKey.PublicHalf), Text(RekorResource.Origin)),
        Timestamping = new TimestampingAccess(
            at.Timestamping, Derived.From(stack.Secrets.TimestampingIdentity, AuthorityIdentity.Certificates)),
        Mail = new MailAccess(ReferenceExpression.Create($"{at.Smtp.Property(EndpointProperty.Host)}"),
            ReferenceExpression.Create($"{at.Smtp.Property(EndpointProperty.Port)}"), Text("ledger@ledger.test")),
        LogName = Text("ledger.localhost"),
    };

    private static ReferenceExpression Login(LocalStack stack, string user, IResourceBuilder<ParameterResource> password) =>
        ReferenceExpression.Create($"{new DatabaseLogin(stack.Administrator.Resource, user, password.Resource)}");

    private static ReferenceExpression Text(string text) => ReferenceExpression.Create($"{text}");
}
