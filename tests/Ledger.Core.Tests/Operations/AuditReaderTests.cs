using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Operations;

/// <summary>Finding events among many, each way by its own index.</summary>
public sealed class AuditReaderTests
{
    private const int Events = 20_000;

    /// <summary>Row i: done in second i, by one of 1 000 actors, of one of 500 tenants, one of 400 actions of 200 nouns, to one of 5 000
    /// things.</summary>
    private const string Fill = """
        INSERT INTO audit_events (tenant_id, epoch, seq, id, at, about_tenant, actor, action, target)
        SELECT 'platform-audit', 1, i, gen_random_uuid(), timestamptz '2026-01-01Z' + i * interval '1 second',
               't' || i % 500, 'a' || i % 1000,
               'n' || i % 200 || '.v' || i % 400, 'x' || i % 5000 FROM generate_series(0, 19999) i;
        INSERT INTO chain_entries (tenant_id, epoch, seq, id, predicate_type, subject, payload_hash, created_at, meta_commitment, key_id,
                                   signature, statement_sha256, prev, leaf_hash)
        SELECT 'platform-audit', 1, i, gen_random_uuid(), 'p', 's', z, '2026-01-01Z', z, 'key', '\x00', z, sha256(i::text::bytea), z
          FROM generate_series(0, 19999) i, (SELECT decode(repeat('00', 32), 'hex') AS z) zeros;
        INSERT INTO entry_meta SELECT 'platform-audit', 1, i, '\x7b7d', decode(repeat('00', 32), 'hex') FROM generate_series(0, 19999) i;
        ANALYZE audit_events; ANALYZE chain_entries; ANALYZE entry_meta;
        """;

    [PostgresFact]
    public async Task Each_filter_finds_its_events_by_its_own_index_and_reads_no_others()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync(Fill);
        foreach (var (index, filter, found) in new[]
                 {
                     ("audit_events_by_time", new AuditFilter(), Events),
                     ("audit_events_by_time", new AuditFilter(From: Second(19_990)), 10),
                     ("audit_events_by_time", new AuditFilter(To: Second(10)), 10),
                     ("audit_events_by_about", new AuditFilter(Tenant: "t7"), Events / 500),
                     ("audit_events_by_actor", new AuditFilter(Actor: "a7"), Events / 1000),
                     ("audit_events_by_action", new AuditFilter(Action: "n7.v207"), Events / 400),
                     ("audit_events_by_noun", new AuditFilter(Noun: "n7"), Events / 200),
                     ("audit_events_by_target", new AuditFilter(Target: "x7"), Events / 5000),
                     ("audit_events_by_actor", new AuditFilter(Actor: "a7", From: Second(1000), To: Second(3000)), 2),
                     ("audit_events_by_actor", new AuditFilter(Actor: "nobody"), 0),
                 })
        {
            var most = Math.Min(found, 50);
            var plan = await PlanAsync(ledger, filter, null, most + 1);
            Assert.True(plan.Contains($"using {index} on audit_events", StringComparison.Ordinal), plan);
            Assert.DoesNotContain("Rows Removed by Filter", plan, StringComparison.Ordinal);
            await using var admin = new AdminDatabase(ledger.Database.Owner);
            Assert.Equal(found, (await new AuditReader(admin).ListAsync(filter, null, 100_000, CancellationToken.None)).Count);
        }
    }

    [PostgresFact]
    public async Task The_next_page_begins_in_the_index_where_the_last_one_ended()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync(Fill);
        var after = new AuditPlace(Second(1007), 1, 1007);
        var plan = await PlanAsync(ledger, new AuditFilter(Actor: "a7"), after, 50);
        Assert.Contains("using audit_events_by_actor on audit_events", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Rows Removed by Filter", plan, StringComparison.Ordinal);
        await using var admin = new AdminDatabase(ledger.Database.Owner);
        var rest = await new AuditReader(admin).ListAsync(new AuditFilter(Actor: "a7"), after, 50, CancellationToken.None);
        Assert.Equal(7, Assert.Single(rest).Place.Seq);
    }

    private static async Task<string> PlanAsync(LedgerUnderTest ledger, AuditFilter filter, AuditPlace? after, int limit)
    {
        await using var connection = await LedgerUnderTest.Source(ledger.Database.Owner).OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Without bitmaps, whose plans name the index elsewhere.
        await using (var scope = new NpgsqlCommand(
            "SET LOCAL ROLE ledger_admin; SET LOCAL search_path = ledger; SET LOCAL enable_bitmapscan = off", connection, transaction))
            await scope.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) " + AuditReader.ListSql, connection,
            transaction);
        explain.Parameters.AddRange(AuditReader.Parameters(filter, after, limit));
        await using var reader = await explain.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync()) plan.Add(reader.GetString(0));
        return string.Join('\n', plan);
    }

    private static DateTimeOffset Second(int second) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second);
}
