using Ledger.AppHost.Parameters;

namespace Ledger.AppHost.Dependencies;

/// <summary>
/// What the ledger's programs need of others, and where it is: the same whoever provides it. Containers, emulators and, in a published
/// stack, what an organisation has already each make one.
/// </summary>
internal sealed record LedgerDependencies
{
    public required DatabaseLogins Database { get; init; }

    public required VaultAccess Vault { get; init; }

    public required IdentityAccess Identity { get; init; }

    public required StorageAccess Storage { get; init; }

    public required RekorAccess Rekor { get; init; }

    public required TimestampingAccess Timestamping { get; init; }

    public required MailAccess Mail { get; init; }

    /// <summary>Null on this machine: the API answers loopback and believes no proxy.</summary>
    public NetworkAccess? Network { get; init; }

    /// <summary>Where traces and metrics go. Null on this machine: Aspire sends them to its dashboard.</summary>
    public ReferenceExpression? Otlp { get; init; }

    /// <summary>The first part of every log's origin.</summary>
    public required ReferenceExpression LogName { get; init; }

    /// <summary>Of a stack on this machine, which is set up and operated from here; null in a published one.</summary>
    public LocalStack? Local { get; init; }
}

/// <summary>Connection strings of the three logins, as Npgsql keywords.</summary>
internal sealed record DatabaseLogins(ReferenceExpression Owner, ReferenceExpression Api, ReferenceExpression Workers);

internal sealed record VaultAccess(ReferenceExpression Address, ParameterResource EntryToken, ParameterResource WorkerToken);

/// <param name="Address">Of Keycloak, without a path.</param>
/// <param name="WorkersSecret">Of client <c>ledger-workers</c> in realm <c>ledger</c>.</param>
/// <param name="PlatformSecret">Of client <c>ledger-platform-workers</c> in realm <c>ledger-platform</c>.</param>
/// <param name="PortalAddress">The page that takes an invitation's code.</param>
internal sealed record IdentityAccess(
    ReferenceExpression Address, ParameterResource WorkersSecret, ParameterResource PlatformSecret, ReferenceExpression PortalAddress);

internal sealed record StorageAccess(
    ReferenceExpression Endpoint, ReferenceExpression Region, ReferenceExpression Bucket, ParameterResource AccessKey,
    ParameterResource SecretKey);

/// <param name="PublicKey">PEM text.</param>
/// <param name="Origin">The host name in its checkpoints.</param>
internal sealed record RekorAccess(ReferenceExpression Url, ReferenceExpression PublicKey, ReferenceExpression Origin);

/// <param name="Certificates">PEM text, leaf first.</param>
internal sealed record TimestampingAccess(ReferenceExpression Url, ReferenceExpression Certificates);

internal sealed record MailAccess(ReferenceExpression Host, ReferenceExpression Port, ReferenceExpression From);

/// <param name="Admin">The network from which <c>/admin</c> is answered.</param>
/// <param name="Proxies">That of the proxies whose word about the caller's address is believed.</param>
internal sealed record NetworkAccess(ReferenceExpression Admin, ReferenceExpression Proxies);

/// <summary>A stack on this machine.</summary>
/// <param name="Administrator">The database administrator's login.</param>
/// <param name="Services">The services by the name of what they provide; each can be away for a while.</param>
internal sealed record LocalStack(
    LedgerSecrets Secrets, IResourceBuilder<IResourceWithConnectionString> Administrator, IReadOnlyList<Service> Services)
{
    public Service this[string name] => Services.Single(service => service.Name == name);
}

/// <summary>One dependency that runs here.</summary>
/// <param name="Name">One of <see cref="ServiceNames"/>.</param>
internal sealed record Service(string Name, IResourceBuilder<IResource> Resource);

/// <summary>The resources' names, the same with containers and emulators.</summary>
internal static class ServiceNames
{
    public const string Postgres = "postgres", Vault = "vault", Keycloak = "keycloak", Storage = "storage", Rekor = "rekor",
        Timestamping = "timestamping", Mail = "mail";
}
