using Ledger.Core.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace Ledger.Core;

/// <summary>Names that operators of the ancestors know. They stand right below the environment's own <c>X__Y</c> names, which win over
/// them.</summary>
public static class ConfigurationAliases
{
    private static readonly (string Alias, string[] Keys)[] Table =
    [
        ("CRDB_DSN", ["ConnectionStrings:ledger"]),
        ("VAULT_ADDR", ["Vault:Address"]),
        ("VAULT_TOKEN", ["Vault:EntryToken", "Vault:WorkerToken"]),
        ("VAULT_TRANSIT_KEY", ["Vault:TransitKey"]),
        ("REKOR_SERVER_URL", ["Rekor:Logs:0:Url"]),
        ("AWS_ENDPOINT_URL", ["Storage:Endpoint"]),
        ("AWS_REGION", ["Storage:Region"]),
        ("AWS_ACCESS_KEY_ID", ["Storage:AccessKey"]),
        ("AWS_SECRET_ACCESS_KEY", ["Storage:SecretKey"]),
        ("AWS_SESSION_TOKEN", ["Storage:SessionToken"]),
    ];

    /// <summary>Adds what the environment gives under these names. Call it once, before anything reads the configuration.</summary>
    /// <exception cref="FormatException">CRDB_DSN is a URI that cannot be understood.</exception>
    public static void AddLedgerAliases(this IConfigurationManager configuration)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (alias, keys) in Table)
        {
            if (configuration[alias] is not { Length: > 0 } value) continue;
            foreach (var key in keys) values[key] = alias == "CRDB_DSN" ? Keywords(value) : value;
        }
        var sources = configuration.Sources;
        var environment = sources.Select((source, at) => (source, at))
            .LastOrDefault(s => s.source is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        sources.Insert(environment.source is null ? 0 : environment.at, new MemoryConfigurationSource { InitialData = values });
    }

    private static string Keywords(string dsn)
    {
        if (!ConnectionUri.IsUri(dsn)) return dsn;
        try { return ConnectionUri.ToKeywords(dsn); }
        catch (FormatException e) { throw new FormatException($"CRDB_DSN: {e.Message}.", e); }
    }
}
