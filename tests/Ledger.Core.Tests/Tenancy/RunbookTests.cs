using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Tenancy;

/// <summary>The statements of the operators' runbooks, to the letter, with the owner's login and no search path of their own.</summary>
public sealed class RunbookTests
{
    [PostgresFact]
    public async Task Checkpoints_and_their_anchoring()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync(SampleRows.AnchorJob("demo", 2, "done") + SampleRows.Anchor("demo", 2, 7, "aa")
            + SampleRows.AnchorJob("demo", 5, "running")
            + SampleRows.AnchorJob("other", 9, "dead_letter") + SampleRows.AnchorJob("other", 9, "pending", queue: "proofs.retry"));
        Assert.Equal(
            [
                "other|8|dead_letter|2|2026-01-01 00:00:00+00||2026-01-01 00:00:05+00|connection refused",
                "demo|4|pending|2|2026-01-01 00:00:00+00||2026-01-01 00:00:05+00|connection refused",
                "demo|1|submitted|2|2026-01-01 00:00:00+00|2026-01-01 00:01:00+00|2026-01-01 00:00:05+00|connection refused",
            ],
            await ledger.TableAsync("""
                SELECT tenant_id, covered_chain_seq, status, attempt_count, created_at, submitted_at, next_retry_at, last_error
                  FROM fact_chain_checkpoints ORDER BY covered_chain_seq DESC LIMIT 10;
                """));
    }

    [PostgresFact]
    public async Task Entries_of_the_last_hour()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        ledger.Time.Set(DateTimeOffset.UtcNow);
        var first = await ledger.Api.AppendAsync(LedgerUnderTest.Demo, "first");
        ledger.Time.Advance(TimeSpan.FromMilliseconds(1));
        var second = await ledger.Api.AppendAsync(LedgerUnderTest.Demo, "second");
        await ledger.SqlAsync(SampleRows.Anchor("demo", 1, 0, "aa"));
        Assert.Equal([$"{second.Id}|second||", $"{first.Id}|first|aa|2026-01-01 00:01:00+00"], await ledger.TableAsync("""
            SELECT id, subject, rekor_log_id, anchored_at FROM ledger.entries WHERE created_at > NOW() - INTERVAL '1 hour' ORDER BY id DESC;
            """));
    }

    [PostgresFact]
    public async Task Unanchored_entries()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        for (var i = 0; i < 3; i++) await ledger.Api.AppendAsync(LedgerUnderTest.Demo);
        await ledger.Api.AppendAsync(LedgerUnderTest.Other);
        await ledger.SqlAsync(SampleRows.Anchor("demo", 2, 0, "aa"));
        Assert.Equal(["2"],
            await ledger.TableAsync(
                "SELECT COUNT(*) AS unanchored_count FROM ledger.entries WHERE rekor_log_id = '' OR rekor_log_id IS NULL;"));
    }

    [PostgresFact]
    public async Task Jobs_by_queue_and_status()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync(SampleRows.AnchorJob("demo", 2, "done") + SampleRows.AnchorJob("other", 9, "pending", queue: "proofs.retry"));
        Assert.Equal(["checkpoints.to_anchor|done|1", "proofs.retry|pending|1"],
            (await ledger.TableAsync("SELECT queue, status, count(*) FROM jobs GROUP BY queue, status;")).Order());
    }
}
