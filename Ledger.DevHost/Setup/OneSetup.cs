using Npgsql;

namespace Ledger.DevHost.Setup;

/// <summary>
/// The one-shot set-ups of a development stack whose servers somebody else starts: what <see cref="Stack"/> does itself with its own.
/// Each waits for its server, and changes nothing where all is as it should be.
/// </summary>
internal sealed class OneSetup(Func<string, string?> environment, Patience patience, TextWriter output)
{
    private readonly SetupVariables _variables = new(environment);

    /// <param name="name">database, vault or storage.</param>
    /// <exception cref="SetupFailed">A variable is missing, or the server refuses or does not come.</exception>
    public async Task RunAsync(string name, CancellationToken ct)
    {
        var done = name switch
        {
            "database" => DatabaseAsync(ct),
            "vault" => VaultAsync(ct),
            "storage" => StorageAsync(ct),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        await output.WriteLineAsync($"{name}: {await done}");
    }

    private async Task<string> DatabaseAsync(CancellationToken ct)
    {
        var administrator = new NpgsqlConnectionStringBuilder(_variables.Database("ConnectionStrings__postgres"))
        {
            Timeout = (int)Patience.Attempt.TotalSeconds, Pooling = false,
        };
        var passwords = new DatabasePasswords(_variables.Required("LEDGER_DB_OWNER_PASSWORD"),
            _variables.Required("LEDGER_DB_API_PASSWORD"), _variables.Required("LEDGER_DB_WORKERS_PASSWORD"));
        await patience.WaitAsync($"PostgreSQL at {administrator.Host}:{administrator.Port}",
            token => ExternalDatabase.WhyNotYetAsync(administrator.ConnectionString, token), ct);
        await DatabaseRoles.EnsureAsync(administrator.ConnectionString, passwords, ct);
        await DatabaseRoles.EnsureDatabaseAsync(administrator.ConnectionString, "ledger", ct);
        return $"the logins {DatabaseRoles.Owner}, {DatabaseRoles.Api}, {DatabaseRoles.Workers} and the database ledger are there";
    }

    private async Task<string> VaultAsync(CancellationToken ct)
    {
        var access = new VaultAccess(_variables.Address("VAULT_ADDR"), _variables.Required("VAULT_TOKEN"),
            _variables.Or("Vault__TransitKey", "ledger-ed25519"))
        {
            EntryToken = _variables.Required("Vault__EntryToken"),
            WorkerToken = _variables.Required("Vault__WorkerToken"),
        };
        using var http = new HttpClient { Timeout = Patience.Attempt };
        var setup = new VaultSetup(http, access);
        await patience.WaitAsync($"Vault at {access.Address}", setup.WhyNotYetAsync, ct);
        await setup.RunAsync(ct);
        return $"transit, the policies {VaultSetup.EntryPolicy} and {VaultSetup.WorkerPolicy}, and a token of each are there";
    }

    private async Task<string> StorageAsync(CancellationToken ct)
    {
        using var storage = new StorageSetup(new StorageAccess(_variables.Address("AWS_ENDPOINT_URL"),
            _variables.Required("AWS_ACCESS_KEY_ID"), _variables.Required("AWS_SECRET_ACCESS_KEY"),
            _variables.Or("AWS_REGION", "us-east-1")));
        var bucket = _variables.Required("HighWaterMark__Bucket");
        await patience.WaitAsync($"storage at {storage.Address}", token => storage.WhyNotYetAsync(bucket, token), ct);
        return $"the bucket {bucket} is there";
    }
}
