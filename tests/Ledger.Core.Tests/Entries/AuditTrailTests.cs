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
            ledger.Time.Advance(TimeSpan.FromMilliseconds(1)); // the ids' order
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
    }
}
