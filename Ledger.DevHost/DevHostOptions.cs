using Ledger.DevHost.Setup;

namespace Ledger.DevHost;

/// <summary>What the command line asked for. A null address means: start our own.</summary>
internal sealed record DevHostOptions
{
    /// <summary>`--state DIR`: everything that outlives a run.</summary>
    public string State { get; init; } = ".ledger";

    /// <summary>`--api-port N`, on localhost.</summary>
    public int ApiPort { get; init; } = 8088;

    /// <summary>`--emulators-only`: no PostgreSQL, keys, tenants, API, workers.</summary>
    public bool EmulatorsOnly { get; init; }

    /// <summary>`--vault URL`, with <see cref="VaultToken"/>.</summary>
    public Uri? Vault { get; init; }

    /// <summary>`--vault-token T`: may mount transit, write policies and make tokens.</summary>
    public string? VaultToken { get; init; }

    /// <summary>`--keycloak URL`, without a path.</summary>
    public Uri? Keycloak { get; init; }

    /// <summary>`--realms DIR`, full path: the Keycloak emulator's realm files. Null: the ledger's own.</summary>
    public string? Realms { get; init; }

    /// <summary>`--rekor URL` with its version, key and origin.</summary>
    public RekorChoice? Rekor { get; init; }

    /// <summary>`--marks`: <see cref="MarksChoice.InFolder"/> or <see cref="MarksChoice.InBucket"/>. Null: as the state folder has
    /// them.</summary>
    public string? Marks { get; init; }

    /// <summary>`--postgres CONNECTION`: in Npgsql's form.</summary>
    public string? Postgres { get; init; }
}
