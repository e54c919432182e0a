using System.Globalization;
using Ledger.DevHost.Postgres;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Exports;

/// <summary>
/// What people and programs get to know of a running DevHost. `X__Y` names are the programs' own and win over the aliases.
/// </summary>
internal static class Variables
{
    public const string LogName = "ledger.localhost";

    public static IReadOnlyList<Variable> OfEmulators(
        VaultAccess vault, IdentityAccess identity, AnchoringAccess anchoring, MailAccess mail, StorageAccess storage) =>
    [
        .. Tokens(identity),
        new("VAULT_ADDR", Plain(vault.Address), "Vault"),
        new("VAULT_TOKEN", vault.RootToken, "its root token: for people and tools, not for programs"),
        new("KEYCLOAK_URL", Plain(identity.Address), "Keycloak"),
        .. Logs(anchoring),
        new("TSA_URL", anchoring.Timestamping.Url.AbsoluteUri, "RFC 3161 timestamps"),
        .. identity.Demo.Select(static one => new Variable(one.Name, one.Value, one.About)),
        .. OfMail(mail),
        new("AWS_ENDPOINT_URL", Plain(storage.Endpoint), "S3, as aws and the SDKs read it"),
        new("AWS_ACCESS_KEY_ID", storage.AccessKey, "its user"),
        new("AWS_SECRET_ACCESS_KEY", storage.SecretKey, "whose secret this is"),
        new("AWS_REGION", storage.Region, "the region to sign for"),
    ];

    public static IReadOnlyList<Variable> OfEverything(
        Uri api, StateFolder state, DatabaseAccess database, VaultAccess vault, IdentityAccess identity, AnchoringAccess anchoring,
        MailAccess mail, StorageAccess storage, MarksAccess marks) =>
    [
        new("LEDGER_API", Plain(api), "the API"),
        new("LEDGER_TRUST", state.Trust, "trust file of tenants demo and other, for ledger-verify --trust"),
        new("LEDGER_PG", ConnectionUri.FromNpgsql(database.Owner), "the database as its owner, for psql"),
        new("LEDGER_ANCHOR_PUB", state.AnchorKey, "key of tenant demo's anchors, PEM file: for cosign --key, rekor-cli --public-key"),
        new("TRUSTED_ROOT", state.TrustedRoot, "Sigstore trusted root of the logs and the TSA in use: for cosign --trusted-root"),
        .. database.App is null ? Array.Empty<Variable>()
            : [new(AppLogin, ConnectionUri.FromNpgsql(database.App), "the database as the API's role sees it: nothing, without a tenant")],
        .. OfEmulators(vault, identity, anchoring, mail, storage),
        new("VAULT_TRANSIT_KEY", vault.TransitKey, "name of the entry key in Vault; the other keys' names begin with it"),
        new("CRDB_DSN", ConnectionUri.FromNpgsql(database.Owner), "alias of ConnectionStrings__ledger, as a URI"),
        new("ConnectionStrings__ledger", database.Owner, "the database as its owner, as the programs read it"),
        new("Vault__WorkerToken", vault.WorkerToken!, "the workers' Vault token: makes and reads ledger keys, signs with them"),
        .. OfPrograms(vault, identity, anchoring, storage, marks),
        .. OfPeople(identity),
        new("Vault__EntryToken", vault.EntryToken!, "the API's Vault token: signs entries and reads that key, nothing else"),
    ];

    /// <summary>What API and workers share; each also gets its own database login and Vault token.</summary>
    public static IReadOnlyList<Variable> OfPrograms(
        VaultAccess vault, IdentityAccess identity, AnchoringAccess anchoring, StorageAccess storage, MarksAccess marks) =>
    [
        new("Vault__Address", Plain(vault.Address), "Vault, as the programs read it"),
        new("Vault__TransitKey", vault.TransitKey, "name of the entry key, as the programs read it"),
        new("Ledger__LogName", LogName, "first part of every log's origin"),
        .. OfMarks(marks),
        .. OfStorage(storage),
        new("Identity__Issuers__0__Issuer", identity.Issuer, "whose tokens the API accepts"),
        new("Identity__Issuers__0__Audience", IdentityAccess.Audience, "the audience they must have"),
        new("Identity__Issuers__0__MetadataAddress", identity.MetadataAddress(IdentityAccess.Realm), "where its keys are found"),
        .. TenantRoles.Select(static (role, i) => new Variable($"Identity__Issuers__0__Roles__{i}", role,
            role.Contains(':', StringComparison.Ordinal) ? "a scope that machines may carry as a role"
                : "a role that its tokens may carry")),
        .. OfClients(0, identity.Clients),
        .. OfPlatform(identity),
        .. anchoring.Logs.SelectMany(OfLog),
        new("Timestamping__Url", anchoring.Timestamping.Url.AbsoluteUri, "RFC 3161 timestamps, as the programs read it"),
        new("Timestamping__Certificates", anchoring.Timestamping.CertificatesFile, "the authority's chain, PEM file, leaf first"),
    ];

    /// <summary>What the workers get beside that: whom they administer people at, and where mails go.</summary>
    public static IReadOnlyList<Variable> OfWorkers(IdentityAccess identity, MailAccess mail) => [.. OfPeople(identity), .. OfMail(mail)];

    /// <summary>What an older env may have left in a shell, and is not what this run uses: removed before a program is started.</summary>
    public static IEnumerable<string> Stale =>
        LogSettings.SelectMany(static name => new[] { $"Rekor__Logs__0__{name}", $"Rekor__Logs__1__{name}" }).Append(RekorAlias)
            .Append(AppLogin)
            .Concat(PeopleSettings.Select(static name => $"People__{name}"))
            .Concat(Enumerable.Range(0, 8).Select(static i => $"Identity__Issuers__{i / 4}__Clients__{i % 4}"));

    private const string RekorAlias = "REKOR_SERVER_URL", AppLogin = "LEDGER_PG_APP";

    private static readonly string[] TenantRoles =
        ["CLIENT_ADMIN", "CLIENT_TECH", "AUDITOR", "entries:write", "entries:read", "proofs:write", "proofs:read"];

    private static readonly string[] PeopleSettings = ["KeycloakAddress", "Realm", "ClientId", "ClientSecret", "PortalAddress"];

    private static readonly string[] LogSettings = ["Url", "Version", "PublicKey", "Origin"];

    private static IEnumerable<Variable> OfLog(LogAccess log, int ordinal) =>
    [
        new($"Rekor__Logs__{ordinal}__Url", Plain(log.Url), ordinal == 0 ? "the primary transparency log" : "another transparency log"),
        new($"Rekor__Logs__{ordinal}__Version", log.Version.ToString(CultureInfo.InvariantCulture), "which API it speaks"),
        new($"Rekor__Logs__{ordinal}__PublicKey", log.KeyFile, "its key, PEM file"),
        new($"Rekor__Logs__{ordinal}__Origin", log.Origin, "what it calls itself in its checkpoints"),
    ];

    private static IEnumerable<Variable> Logs(AnchoringAccess anchoring)
    {
        if (anchoring.OfVersion(1) is { } v1)
        {
            yield return new("REKOR_URL", Plain(v1.Url), "Rekor v1: for rekor-cli --rekor_server");
            yield return new(RekorAlias, Plain(v1.Url), "the same by the name that the programs take too; Rekor__Logs__0__Url wins");
        }
        if (anchoring.OfVersion(2) is { } v2)
            yield return new("REKOR2_URL", Plain(v2.Url), "Rekor v2");
    }

    private static IEnumerable<Variable> OfPeople(IdentityAccess identity)
    {
        if (identity.WorkersSecret is { } secret)
        {
            yield return new("People__KeycloakAddress", Plain(identity.Address), "where the workers administer people");
            yield return new("People__Realm", IdentityAccess.Realm, "in this realm");
            yield return new("People__ClientId", IdentityAccess.WorkersClient, "as this client");
            yield return new("People__ClientSecret", secret, "with this secret");
            yield return new("People__PortalAddress", "http://localhost:8090/invitation",
                "the link in an invitation, before # and its code");
        }
        if (identity.PlatformSecret is { } platform)
        {
            yield return new("IdentityCheck__Clients__1__Id", IdentityAccess.PlatformClient, "who asks the platform realm for a token");
            yield return new("IdentityCheck__Clients__1__Secret", platform, "in `Ledger.Workers identity`, with this secret");
        }
    }

    private static IEnumerable<Variable> OfMail(MailAccess mail) =>
    [
        new("Smtp__Host", mail.Host, "the mail server"),
        new("Smtp__Port", mail.Port.ToString(CultureInfo.InvariantCulture), "its port"),
        new("Smtp__From", "ledger@ledger.test", "whom mails are from"),
    ];

    // Both, one of them empty: what a shell has from another run must not stand beside it.
    private static IEnumerable<Variable> OfMarks(MarksAccess marks) =>
    [
        new("HighWaterMark__Directory", marks.Folder ?? "", marks.Folder is null ? "empty: the high-water marks are in a bucket"
            : "folder of the high-water marks"),
        new("HighWaterMark__Bucket", marks.Bucket ?? "", marks.Bucket is null ? "empty: the high-water marks are in a folder"
            : "bucket of the high-water marks"),
        new("HighWaterMark__Prefix", "marks/", "what their objects' names begin with there"),
    ];

    private static IEnumerable<Variable> OfStorage(StorageAccess storage) =>
    [
        new("Storage__Endpoint", Plain(storage.Endpoint), "S3, as the programs read it"),
        new("Storage__Region", storage.Region, "the region they sign for"),
        new("Storage__AccessKey", storage.AccessKey, "their user"),
        new("Storage__SecretKey", storage.SecretKey, "whose secret this is"),
        new("Storage__SessionToken", "", "none: these keys are not lent for a time"),
        new("Storage__PathStyle", "true", "the bucket stands in the path"),
    ];

    private static IReadOnlyList<Variable> OfPlatform(IdentityAccess identity) => identity.PlatformIssuer is null ? [] :
    [
        new("Identity__Issuers__1__Issuer", identity.PlatformIssuer, "whose tokens operate the ledger"),
        new("Identity__Issuers__1__Audience", IdentityAccess.Audience, "the audience they must have"),
        new("Identity__Issuers__1__MetadataAddress", identity.MetadataAddress(IdentityAccess.PlatformRealm), "where its keys are found"),
        new("Identity__Issuers__1__Roles__0", "PLATFORM_ADMIN", "a role that its tokens may carry"),
        new("Identity__Issuers__1__Roles__1", "BILLING_OPERATOR", "another one"),
        .. OfClients(1, identity.PlatformClients),
    ];

    private static IEnumerable<Variable> OfClients(int issuer, IReadOnlyList<string> clients) => clients.Select((client, i) =>
        new Variable($"Identity__Issuers__{issuer}__Clients__{i}", client, "a client whose tokens the API takes"));

    private static IReadOnlyList<Variable> Tokens(IdentityAccess identity) =>
    [
        new("LEDGER_TOKEN", identity.Tokens.Technician, "bearer token: CLIENT_TECH of tenant demo, whose log is public"),
        new("LEDGER_TOKEN_TECH", identity.Tokens.Technician, "the same"),
        new("LEDGER_TOKEN_OTHER", identity.Tokens.Other, "bearer token: CLIENT_TECH of tenant other"),
        new("LEDGER_TOKEN_CLIENT_ADMIN", identity.Tokens.Admin, "bearer token: CLIENT_ADMIN of tenant demo"),
        new("LEDGER_TOKEN_ADMIN", identity.Tokens.Admin, "the same"),
        .. Optional("LEDGER_TOKEN_AUDITOR", identity.Tokens.Auditor, "bearer token: AUDITOR of tenant demo"),
        .. Optional("LEDGER_TOKEN_PLATFORM_ADMIN", identity.Tokens.PlatformAdmin, "bearer token: PLATFORM_ADMIN, of no tenant"),
        .. Optional("LEDGER_TOKEN_BILLING", identity.Tokens.Billing, "bearer token: BILLING_OPERATOR, of no tenant"),
    ];

    private static Variable[] Optional(string name, string? value, string about) => value is null ? [] : [new(name, value, about)];

    /// <summary>Without the final slash, so that `$LEDGER_API/append` is right.</summary>
    private static string Plain(Uri address) => address.AbsoluteUri.TrimEnd('/');
}
