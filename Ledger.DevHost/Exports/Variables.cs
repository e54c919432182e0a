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

    public static IReadOnlyList<Variable> OfEmulators(VaultAccess vault, IdentityAccess identity, AnchoringAccess anchoring) =>
    [
        .. Tokens(identity),
        new("VAULT_ADDR", Plain(vault.Address), "Vault"),
        new("VAULT_TOKEN", vault.RootToken, "its root token: for people and tools, not for programs"),
        new("KEYCLOAK_URL", Plain(identity.Address), "Keycloak"),
        .. Logs(anchoring),
        new("TSA_URL", anchoring.Timestamping.Url.AbsoluteUri, "RFC 3161 timestamps"),
    ];

    public static IReadOnlyList<Variable> OfEverything(
        Uri api, StateFolder state, DatabaseAccess database, VaultAccess vault, IdentityAccess identity, AnchoringAccess anchoring) =>
    [
        new("LEDGER_API", Plain(api), "the API"),
        new("LEDGER_TRUST", state.Trust, "trust file of tenants demo and other, for ledger-verify --trust"),
        new("LEDGER_PG", ConnectionUri.FromNpgsql(database.Owner), "the database as its owner, for psql"),
        new("LEDGER_ANCHOR_PUB", state.AnchorKey, "key of tenant demo's anchors, PEM file: for cosign --key, rekor-cli --public-key"),
        new("TRUSTED_ROOT", state.TrustedRoot, "Sigstore trusted root of the logs and the TSA in use: for cosign --trusted-root"),
        .. OfEmulators(vault, identity, anchoring),
        new("VAULT_TRANSIT_KEY", vault.TransitKey, "name of the entry key in Vault; the other keys' names begin with it"),
        new("CRDB_DSN", ConnectionUri.FromNpgsql(database.Owner), "alias of ConnectionStrings__ledger, as a URI"),
        new("ConnectionStrings__ledger", database.Owner, "the database as its owner, as the programs read it"),
        new("Vault__WorkerToken", vault.WorkerToken!, "the workers' Vault token: makes and reads ledger keys, signs with them"),
        .. OfPrograms(state, vault, identity, anchoring),
        new("Vault__EntryToken", vault.EntryToken!, "the API's Vault token: signs entries and reads that key, nothing else"),
    ];

    /// <summary>What API and workers share; each also gets its own database login and Vault token.</summary>
    public static IReadOnlyList<Variable> OfPrograms(
        StateFolder state, VaultAccess vault, IdentityAccess identity, AnchoringAccess anchoring) =>
    [
        new("Vault__Address", Plain(vault.Address), "Vault, as the programs read it"),
        new("Vault__TransitKey", vault.TransitKey, "name of the entry key, as the programs read it"),
        new("Ledger__LogName", LogName, "first part of every log's origin"),
        new("HighWaterMark__Directory", state["marks"], "folder of the high-water marks"),
        new("Identity__Issuers__0__Issuer", identity.Issuer, "whose tokens the API accepts"),
        new("Identity__Issuers__0__Audience", IdentityAccess.Audience, "the audience they must have"),
        new("Identity__Issuers__0__MetadataAddress", identity.MetadataAddress(IdentityAccess.Realm), "where that issuer's keys are found"),
        .. OfPlatform(identity),
        .. anchoring.Logs.SelectMany(OfLog),
        new("Timestamping__Url", anchoring.Timestamping.Url.AbsoluteUri, "RFC 3161 timestamps, as the programs read it"),
        new("Timestamping__Certificates", anchoring.Timestamping.CertificatesFile, "the authority's chain, PEM file, leaf first"),
    ];

    /// <summary>What an older env may have left in a shell, and is not what this run uses: removed before a program is started.</summary>
    public static IEnumerable<string> Stale =>
        LogSettings.SelectMany(static name => new[] { $"Rekor__Logs__0__{name}", $"Rekor__Logs__1__{name}" }).Append(RekorAlias);

    private const string RekorAlias = "REKOR_SERVER_URL";

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

    private static IReadOnlyList<Variable> OfPlatform(IdentityAccess identity) => identity.PlatformIssuer is null ? [] :
    [
        new("Identity__Issuers__1__Issuer", identity.PlatformIssuer, "whose tokens operate the ledger"),
        new("Identity__Issuers__1__Audience", IdentityAccess.Audience, "the audience they must have"),
        new("Identity__Issuers__1__MetadataAddress", identity.MetadataAddress(IdentityAccess.PlatformRealm), "where its keys are found"),
        new("Identity__Issuers__1__Roles__0", "PLATFORM_ADMIN", "a role that its tokens may carry"),
        new("Identity__Issuers__1__Roles__1", "BILLING_OPERATOR", "another one"),
    ];

    private static IReadOnlyList<Variable> Tokens(IdentityAccess identity) =>
    [
        new("LEDGER_TOKEN", identity.Tokens.Technician, "bearer token: CLIENT_TECH of tenant demo, whose log is public"),
        new("LEDGER_TOKEN_OTHER", identity.Tokens.Other, "bearer token: CLIENT_TECH of tenant other"),
        new("LEDGER_TOKEN_ADMIN", identity.Tokens.Admin, "bearer token: CLIENT_ADMIN of tenant demo"),
        .. identity.Tokens.PlatformAdmin is { } token
            ? new[] { new Variable("LEDGER_TOKEN_PLATFORM_ADMIN", token, "bearer token: PLATFORM_ADMIN, of no tenant") } : [],
    ];

    /// <summary>Without the final slash, so that `$LEDGER_API/append` is right.</summary>
    private static string Plain(Uri address) => address.AbsoluteUri.TrimEnd('/');
}
