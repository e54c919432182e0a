using System.Globalization;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing.Attributes;
using Ledger.Testing.Time;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>What PostgreSQL does for a read by id: what a caller may not see must not be told apart by its cost either.</summary>
public class LookUpCostTests(AccessLedger ledger) : IClassFixture<AccessLedger>
{
    private const int Times = 20;

    // Asked once for the tenant's standing, whatever is read: the clock of the process stands still.
    private static readonly string[] Standing = ["tenants", "people"];

    private static readonly Operation[] ById =
        [.. AccessTable.Operations.Where(o => o.Reads && o.IsOfTenant && (o.Path.Contains("{id}", StringComparison.Ordinal)
            || o.Path.Contains("{sha256}", StringComparison.Ordinal) || o.Path.Contains("{size}", StringComparison.Ordinal)))];

    [PostgresFact]
    public async Task A_foreign_id_costs_what_an_unknown_one_does_and_finds_no_row()
    {
        Assert.True(ById.Length >= 10, $"only {ById.Length} reads by id");
        await PrepareAsync();
        var (unknown, foreign) = (await CostAsync(ById, real: false), await CostAsync(ById, real: true));
        Assert.Equal(unknown, foreign);
        Assert.All(unknown, line => Assert.Contains("whole=0 ", line, StringComparison.Ordinal));
        foreach (var named in new[] { "chain_entries", "checkpoints", "attestations", "attestation_keys", "api_keys", "invitations",
                     "people" })
            Assert.EndsWith(" rows=0", Assert.Single(unknown, line => line.StartsWith(named + " ", StringComparison.Ordinal)),
                StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Asking_for_an_entry_is_one_look_up_in_one_index_by_tenant_and_id()
    {
        await PrepareAsync();
        foreach (var real in new[] { false, true })
            Assert.Equal([$"chain_entries whole=0 index={Times} rows=0"],
                (await CostAsync([.. ById.Where(o => o.Path == "/entries/{id}")], real))
                    .Where(line => !Standing.Contains(line.Split(' ')[0])));
    }

    /// <summary>On tables of three rows the planner would rather read them whole, whatever index there is. And sessions tell what they did
    /// when they end, so those of the making of this ledger end first.</summary>
    private async Task PrepareAsync()
    {
        await using var command = ledger.Superuser.CreateCommand("""
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$;
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            """);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>For each table that was touched: scans of the whole, scans of an index, and rows fetched, by a process of its own, whose
    /// sessions tell what they did when they end.</summary>
    private async Task<List<string>> CostAsync(IReadOnlyList<Operation> operations, bool real)
    {
        var before = await CountersAsync();
        await using (var api = new ApiProcess(ledger.Settings, new ManualTime(DateTimeOffset.UtcNow)))
        {
            using var stranger = api.Client(ledger.Issuer.Token(ledger.Other, "CLIENT_ADMIN"));
            foreach (var operation in operations)
            {
                for (var i = 0; i < Times; i++)
                {
                    using var answer = await stranger.GetAsync(new Uri(ledger.Full.Fill(operation.Path, real), UriKind.Relative));
                    Assert.Equal(404, (int)answer.StatusCode);
                }
            }
        }
        var after = await CountersAsync();
        return [.. after.Where(now => now.Value != before.GetValueOrDefault(now.Key))
            .Select(now => (now.Key, Now: now.Value, Then: before.GetValueOrDefault(now.Key)))
            .Select(t => string.Create(CultureInfo.InvariantCulture,
                $"{t.Key} whole={t.Now.Whole - t.Then.Whole} index={t.Now.Index - t.Then.Index} rows={t.Now.Rows - t.Then.Rows}"))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Once they stand still.</summary>
    private async Task<Dictionary<string, (long Whole, long Index, long Rows)>> CountersAsync()
    {
        var last = await ReadAsync();
        for (var tries = 0; tries < 50; tries++)
        {
            await Task.Delay(300);
            var now = await ReadAsync();
            if (now.Count == last.Count && now.All(table => last.GetValueOrDefault(table.Key) == table.Value)) return now;
            last = now;
        }
        throw new InvalidOperationException("The counters do not come to rest.");
    }

    private async Task<Dictionary<string, (long, long, long)>> ReadAsync()
    {
        await using var command = ledger.Superuser.CreateCommand("""
            SELECT relname, seq_scan, COALESCE(idx_scan, 0), seq_tup_read + COALESCE(idx_tup_fetch, 0)
              FROM pg_stat_user_tables WHERE schemaname = 'ledger'
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var counters = new Dictionary<string, (long, long, long)>();
        while (await reader.ReadAsync()) counters[reader.GetString(0)] = (reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
        return counters;
    }
}
