using System.Text;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Signing;
using Ledger.Testing.Attributes;
using Ledger.Verify;

namespace Ledger.Core.Tests.Entries;

/// <summary>Every audit event enters the log of platform-audit exactly once, whoever moves it and whatever fails on the way.</summary>
public sealed class AuditTrailTests
{
    [PostgresFact]
    public async Task Events_enter_the_audit_log_in_their_order_as_entries_whose_meta_they_are()
    {
        await using var ledger = await StartAsync(events: 3);
        var worker = ledger.StartProcess(DatabaseRole.Worker);

        Assert.Equal(3, await DrainAsync(worker));
        Assert.Equal(0, await DrainAsync(worker));

        Assert.Equal(3, await ledger.CheckLogAsync(TenantId.PlatformAudit));
        Assert.Equal("target 0,target 1,target 2", await ledger.ScalarAsync<string>(Targets));
        var entries = (await ledger.Api.Reader.ListAsync(TenantId.PlatformAudit, new(), null, 10, CancellationToken.None)).Items;
        Assert.All(entries, e => Assert.Equal(("test.act", Digest.Sha256(e.Meta)), (e.Entry.Subject, e.Entry.PayloadHash)));
        Assert.Equal("""{"action":"test.act","actor":"alice","at":"2026-01-01T00:00:00.000000Z","target":"target 0","tenant":"demo"}""",
            Encoding.UTF8.GetString(entries[^1].Meta!));
    }

    [PostgresFact]
    public async Task Events_enter_by_when_they_were_done_and_of_one_instant_by_their_ids()
    {
        await using var ledger = await StartAsync(events: 0);
        // Of one millisecond, and of several processes: the ids say another order.
        foreach (var (microsecond, id, target) in new[] { (3, 1, "third"), (1, 4, "first"), (2, 3, "second b"), (2, 2, "second a") })
            await ledger.SqlAsync($$"""
                INSERT INTO audit_outbox VALUES ('demo', '019b76da-a800-7000-8000-00000000000{{id}}', convert_to(
                    '{"action":"test.act","actor":"alice","at":"2026-01-01T00:00:00.00000{{microsecond}}Z","target":"{{target}}","tenant":"demo"}', 'UTF8'),
                    '2026-01-01T00:00:00.00000{{microsecond}}Z')
                """);
        Assert.Equal(4, await DrainAsync(ledger.StartProcess(DatabaseRole.Worker)));
        Assert.Equal("first,second a,second b,third", await ledger.ScalarAsync<string>(Targets));
    }

    [PostgresFact]
    public async Task Events_of_one_process_and_one_instant_enter_in_the_order_in_which_they_were_written()
    {
        await using var ledger = await StartAsync(events: 100);
        Assert.Equal(100, await DrainAsync(ledger.StartProcess(DatabaseRole.Worker)));
        Assert.Equal(string.Join(',', Enumerable.Range(0, 100).Select(i => $"target {i}")), await ledger.ScalarAsync<string>(Targets));
    }

    [PostgresFact]
    public async Task A_row_that_is_no_event_enters_the_log_as_its_bytes_and_holds_nothing_up()
    {
        await using var ledger = await StartAsync(events: 1);
        await ledger.SqlAsync("""
            INSERT INTO audit_outbox SELECT 'other', gen_random_uuid(), convert_to(event, 'UTF8'), now()
              FROM unnest(ARRAY['{}', 'no json', '{"action":7}', '{"action":""}']) event
            """);

        Assert.Equal(5, await DrainAsync(ledger.StartProcess(DatabaseRole.Worker)));

        Assert.Equal(5, await ledger.CheckLogAsync(TenantId.PlatformAudit));
        Assert.Equal(4L, await ledger.ScalarAsync<long>("SELECT count(*) FROM chain_entries WHERE subject = 'audit.unreadable'"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>(
            "SELECT count(*) FROM entry_meta WHERE meta = convert_to('{\"event\":\"bm8ganNvbg==\"}', 'UTF8')"));
    }

    [PostgresFact]
    public async Task Every_event_is_found_by_what_it_says_whatever_that_is_and_the_migration_would_find_it_by_the_same()
    {
        await using var ledger = await StartAsync(events: 2);
        await ledger.SqlAsync("""
            INSERT INTO audit_outbox SELECT 'other', gen_random_uuid(), convert_to(event, 'UTF8'), now()
              FROM unnest(ARRAY['{}', 'no json', '["action","actor","at","target","tenant"]',
                '{"action":"a\u0000","actor":"b","at":"2026-01-01T00:00:00.000000Z","target":"c","tenant":"demo"}',
                '{"action":"a.b","actor":"\ud800","at":"2026-01-01T00:00:00.000000Z","target":"c","tenant":"demo"}',
                '{"action":"a.b","actor":"' || repeat('ä', 9000) || '","at":"2026-01-01T00:00:00.000000Z","target":"' || repeat('x', 9000) || '","tenant":"demo"}',
                '{"action":"a.b","actor":"b","at":"2026-01-01T00:00:00.000000Z","details":{"k":"v"},"target":"c","tenant":"demo"}']) event
            """);

        Assert.Equal(9, await DrainAsync(ledger.StartProcess(DatabaseRole.Worker)));

        const string all = "SELECT epoch, seq, id, at, about_tenant, actor, action, target FROM audit_events ORDER BY seq";
        var written = await ledger.TableAsync(all);
        Assert.Equal(9, written.Count);
        Assert.Equal(5, written.Count(row => row.EndsWith("|||audit.unreadable|", StringComparison.Ordinal)));
        Assert.Contains(written, row => row.EndsWith($"|demo|{new string('ä', 256)}|a.b|{new string('x', 256)}", StringComparison.Ordinal));
        Assert.Equal(2, written.Count(row => row.Contains("|demo|alice|test.act|target ", StringComparison.Ordinal)));

        await ledger.SqlAsync("TRUNCATE audit_events");
        await ledger.SqlAsync("SET search_path = ledger; " + BackFill());
        Assert.Equal(written, await ledger.TableAsync(all));
    }

    [PostgresFact]
    public async Task Two_workers_at_once_move_each_event_once()
    {
        await using var ledger = await StartAsync(events: 300);
        LedgerProcess[] workers = [ledger.StartProcess(DatabaseRole.Worker), ledger.StartProcess(DatabaseRole.Worker)];
        var moved = await Task.WhenAll(workers.Select(async worker =>
        {
            var sum = 0;
            while (await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_outbox") > 0) sum += await DrainAsync(worker);
            return sum;
        }));
        Assert.Equal(300, moved.Sum());
        await AssertAllOnceAsync(ledger, 300);
    }

    [PostgresFact]
    public async Task A_worker_overtaken_between_reading_and_committing_moves_nothing_again()
    {
        await using var ledger = await StartAsync(events: 5);
        var (slow, quick) = (ledger.StartProcess(DatabaseRole.Worker), ledger.StartProcess(DatabaseRole.Worker));
        var held = new HeldSigner(ledger.Vault);
        var draining = DrainAsync(slow);
        await held.NextCallAsync();
        ledger.Vault.Instead = null;
        Assert.Equal(5, await DrainAsync(quick));
        held.Release();
        Assert.Equal(0, await draining);
        await AssertAllOnceAsync(ledger, 5);
    }

    [PostgresFact]
    public async Task A_worker_that_fails_between_reading_and_committing_leaves_the_events_where_they_were()
    {
        await using var ledger = await StartAsync(events: 5);
        var worker = ledger.StartProcess(DatabaseRole.Worker);
        ledger.Vault.Always(System.Net.HttpStatusCode.ServiceUnavailable, """{"errors":["Vault is sealed"]}""");
        await LedgerUnderTest.ProblemOfAsync(() => DrainAsync(worker));
        Assert.Equal(5L, await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_outbox"));
        ledger.Vault.Instead = null;
        Assert.Equal(5, await DrainAsync(worker));
        await AssertAllOnceAsync(ledger, 5);
    }

    [PostgresFact]
    public async Task A_worker_whose_commit_breaks_moves_nothing_and_its_next_step_moves_all()
    {
        await using var ledger = await StartAsync(events: 5);
        await using var worker = ledger.Behind(out var cutter, DatabaseRole.Worker);
        await using var _ = cutter;
        await worker.Keys.NewestAsync(FakeVault.EntryKey, Core.Signing.KeyPurpose.Entry, null, CancellationToken.None);
        cutter.CutAt(1, afterItPersisted: false);
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => DrainAsync(worker));
        while (await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_outbox") > 0) await DrainAsync(worker);
        await AssertAllOnceAsync(ledger, 5);
    }

    private const string Targets = """
        SELECT string_agg(convert_from(meta, 'UTF8')::json ->> 'target', ',' ORDER BY seq) FROM entry_meta WHERE tenant_id = 'platform-audit'
        """;

    /// <summary>What migration 020 does with a log that is there.</summary>
    private static string BackFill()
    {
        using var stream = typeof(Migrator).Assembly.GetManifestResourceStream("020_audit.sql")!;
        using var reader = new StreamReader(stream);
        var sql = reader.ReadToEnd();
        return sql[sql.IndexOf("DO $$", StringComparison.Ordinal)..];
    }

    private static async Task<LedgerUnderTest> StartAsync(int events)
    {
        var ledger = await LedgerUnderTest.StartAsync();
        await ledger.OpenLogAsync(TenantId.PlatformAudit);
        for (var i = 0; i < events; i++)
        {
            await using var transaction = await ledger.Api.Database.BeginAsync(LedgerUnderTest.Demo, CancellationToken.None);
            await ledger.Api.Audit.WriteAsync(transaction, LedgerUnderTest.Demo, new AuditEvent("alice", "test.act", $"target {i}"),
                CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }
        return ledger;
    }

    private static Task<int> DrainAsync(LedgerProcess worker) => worker.AuditTrail.DrainAsync(CancellationToken.None);

    private static async Task AssertAllOnceAsync(LedgerUnderTest ledger, int events)
    {
        Assert.Equal(events, await ledger.CheckLogAsync(TenantId.PlatformAudit));
        Assert.Equal((long)events,
            await ledger.ScalarAsync<long>("SELECT count(DISTINCT meta) FROM entry_meta WHERE tenant_id = 'platform-audit'"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_outbox"));
        Assert.Equal(await ProjectionAsync(ledger, "chain_entries"), await ProjectionAsync(ledger, "audit_events"));
    }

    private static async Task<string> ProjectionAsync(LedgerUnderTest ledger, string table) => string.Join('\n', await ledger.TableAsync(
        $"SELECT epoch, seq, id FROM {table} WHERE tenant_id = 'platform-audit' ORDER BY epoch, seq"));
}
