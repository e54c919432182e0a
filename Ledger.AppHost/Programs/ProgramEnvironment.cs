using Ledger.AppHost.Dependencies;

namespace Ledger.AppHost.Programs;

/// <summary>The ledger's settings, as docs/configuration.md has them: each program gets its own login and token, and no more than
/// that.</summary>
internal static class ProgramEnvironment
{
    private const string Audience = "ledger-api";

    public static IResourceBuilder<ProjectResource> WithApiSettings(
        this IResourceBuilder<ProjectResource> api, LedgerDependencies on) =>
        api.WithShared(on)
            .WithEnvironment("ConnectionStrings__ledger", on.Database.Api)
            .WithEnvironment("Vault__EntryToken", on.Vault.EntryToken)
            .WithNetworks(on.Network);

    public static IResourceBuilder<ProjectResource> WithWorkersSettings(
        this IResourceBuilder<ProjectResource> workers, LedgerDependencies on) =>
        workers.WithWorkersOwn(on).WithEnvironment("ConnectionStrings__ledger", on.Database.Workers);

    /// <summary>Of a command that an operator runs: the workers' settings with the owner's login.</summary>
    public static IResourceBuilder<ProjectResource> WithOperatorSettings(
        this IResourceBuilder<ProjectResource> command, LedgerDependencies on) =>
        command.WithWorkersOwn(on).WithEnvironment("ConnectionStrings__ledger", on.Database.Owner);

    private static IResourceBuilder<ProjectResource> WithWorkersOwn(
        this IResourceBuilder<ProjectResource> workers, LedgerDependencies on) =>
        workers.WithShared(on)
            .WithEnvironment("Vault__WorkerToken", on.Vault.WorkerToken)
            .WithEnvironment("People__KeycloakAddress", on.Identity.Address)
            .WithEnvironment("People__Realm", "ledger")
            .WithEnvironment("People__ClientId", "ledger-workers")
            .WithEnvironment("People__ClientSecret", on.Identity.WorkersSecret)
            .WithEnvironment("People__PortalAddress", on.Identity.PortalAddress)
            .WithEnvironment("IdentityCheck__Clients__1__Id", "ledger-platform-workers")
            .WithEnvironment("IdentityCheck__Clients__1__Secret", on.Identity.PlatformSecret)
            .WithEnvironment("Smtp__Host", on.Mail.Host)
            .WithEnvironment("Smtp__Port", on.Mail.Port)
            .WithEnvironment("Smtp__From", on.Mail.From);

    private static IResourceBuilder<ProjectResource> WithShared(this IResourceBuilder<ProjectResource> program, LedgerDependencies on) =>
        program
            .WithEnvironment("Ledger__LogName", on.LogName)
            .WithEnvironment("Vault__Address", on.Vault.Address)
            .WithEnvironment("Vault__TransitKey", "ledger-ed25519")
            .WithEnvironment("HighWaterMark__Bucket", on.Storage.Bucket)
            .WithEnvironment("Storage__Endpoint", on.Storage.Endpoint)
            .WithEnvironment("Storage__Region", on.Storage.Region)
            .WithEnvironment("Storage__AccessKey", on.Storage.AccessKey)
            .WithEnvironment("Storage__SecretKey", on.Storage.SecretKey)
            .WithEnvironment("Rekor__Logs__0__Url", on.Rekor.Url)
            .WithEnvironment("Rekor__Logs__0__Version", "1")
            .WithEnvironment("Rekor__Logs__0__PublicKey", on.Rekor.PublicKey)
            .WithEnvironment("Rekor__Logs__0__Origin", on.Rekor.Origin)
            .WithEnvironment("Timestamping__Url", on.Timestamping.Url)
            .WithEnvironment("Timestamping__Certificates", on.Timestamping.Certificates)
            .WithTenantsIssuer(on.Identity)
            .WithPlatformIssuer(on.Identity)
            .WithTelemetry(on.Otlp);

    private static IResourceBuilder<ProjectResource> WithTenantsIssuer(this IResourceBuilder<ProjectResource> program, IdentityAccess at) =>
        program
            .WithEnvironment("Identity__Issuers__0__Issuer", $"{at.Address}/realms/ledger")
            .WithEnvironment("Identity__Issuers__0__Audience", Audience)
            .WithEnvironment("Identity__Issuers__0__MetadataAddress", $"{at.Address}/realms/ledger/.well-known/openid-configuration")
            .WithEnvironment("Identity__Issuers__0__Roles__0", "CLIENT_ADMIN")
            .WithEnvironment("Identity__Issuers__0__Roles__1", "CLIENT_TECH")
            .WithEnvironment("Identity__Issuers__0__Roles__2", "AUDITOR")
            .WithEnvironment("Identity__Issuers__0__Roles__3", "entries:write")
            .WithEnvironment("Identity__Issuers__0__Roles__4", "entries:read")
            .WithEnvironment("Identity__Issuers__0__Roles__5", "proofs:write")
            .WithEnvironment("Identity__Issuers__0__Roles__6", "proofs:read")
            .WithEnvironment("Identity__Issuers__0__Clients__0", "ledger-portal")
            .WithEnvironment("Identity__Issuers__0__Clients__1", "ledger-cli")
            .WithEnvironment("Identity__Issuers__0__Clients__2", "ledger-machine");

    private static IResourceBuilder<ProjectResource> WithPlatformIssuer(
        this IResourceBuilder<ProjectResource> program, IdentityAccess at) =>
        program
            .WithEnvironment("Identity__Issuers__1__Issuer", $"{at.Address}/realms/ledger-platform")
            .WithEnvironment("Identity__Issuers__1__Audience", Audience)
            .WithEnvironment("Identity__Issuers__1__MetadataAddress",
                $"{at.Address}/realms/ledger-platform/.well-known/openid-configuration")
            .WithEnvironment("Identity__Issuers__1__Roles__0", "PLATFORM_ADMIN")
            .WithEnvironment("Identity__Issuers__1__Roles__1", "BILLING_OPERATOR")
            .WithEnvironment("Identity__Issuers__1__Clients__0", "ledger-console");

    private static IResourceBuilder<ProjectResource> WithTelemetry(
        this IResourceBuilder<ProjectResource> program, ReferenceExpression? otlp) =>
        otlp is null ? program : program.WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", otlp);

    private static IResourceBuilder<ProjectResource> WithNetworks(this IResourceBuilder<ProjectResource> api, NetworkAccess? networks) =>
        networks is null ? api : api
            .WithEnvironment("Security__AdminAllowedCidrs__0", networks.Admin)
            .WithEnvironment("Security__TrustedProxies__0", networks.Proxies);
}
