using Ledger.AppHost.Identity;
using Ledger.AppHost.Mail;
using Ledger.AppHost.Parameters;
using Ledger.AppHost.Rekor;
using Ledger.AppHost.Storage;
using Ledger.AppHost.Timestamping;
using Ledger.AppHost.Vault;

namespace Ledger.AppHost.Dependencies;

internal static class ContainerDependencies
{
    /// <summary>
    /// The real servers as containers, none with a volume: Vault's development server keeps its keys in memory, and a database, marks or a
    /// transparency log that outlive the keys are a broken ledger. They begin together and end together.
    /// A published stack has none of them: there they are what the organisation has (<see cref="ExistingDependencies"/>).
    /// </summary>
    public static LedgerDependencies AddContainers(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
            return builder.AddExisting();

        var secrets = new LedgerSecrets(builder);
        var postgres = builder.AddPostgres(ServiceNames.Postgres, password: secrets.PostgresPassword).WithPinnedImage(ImageTags.Postgres);
        var vault = builder.AddVault(ServiceNames.Vault, secrets.VaultRootToken);
        var keycloak = builder.AddRealms(secrets);
        var storage = builder.AddMinio(ServiceNames.Storage, secrets.StorageAccessKey, secrets.StorageSecretKey);
        var rekor = builder.AddRekor(ServiceNames.Rekor, secrets.RekorLogKey);
        var timestamping = builder.AddTimestamping(ServiceNames.Timestamping, secrets.TimestampingIdentity);
        var mail = builder.AddMailpit(ServiceNames.Mail);

        var stack = new LocalStack(secrets, postgres,
        [
            new(ServiceNames.Postgres, postgres), new(ServiceNames.Vault, vault), new(ServiceNames.Keycloak, keycloak),
            new(ServiceNames.Storage, storage), new(ServiceNames.Rekor, rekor), new(ServiceNames.Timestamping, timestamping),
            new(ServiceNames.Mail, mail),
        ]);
        return LocalDependencies.Of(stack, new LocalAddresses(
            vault.Resource.Address, ReferenceExpression.Create($"{keycloak.GetEndpoint("http")}"), storage.Resource.Address,
            rekor.Resource.Url, timestamping.Resource.Url, mail.GetEndpoint(MailBuilderExtensions.SmtpEndpoint)));
    }

    /// <summary>Plain http, as the API takes it from loopback: a token's issuer is then the address that everybody here uses.</summary>
    private static IResourceBuilder<KeycloakResource> AddRealms(this IDistributedApplicationBuilder builder, LedgerSecrets secrets) =>
#pragma warning disable ASPIRECERTIFICATES001 // Without it a trusted development certificate would make the issuer https.
        builder.AddKeycloak(ServiceNames.Keycloak, adminPassword: secrets.KeycloakPassword)
            .WithoutHttpsCertificate()
#pragma warning restore ASPIRECERTIFICATES001
            .WithPinnedImage(ImageTags.Keycloak)
            .WithRealmImport(RealmImportExtensions.Realms)
            .WithRealmSecrets(secrets);
}
