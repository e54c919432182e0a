using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Entries;

/// <summary>Fail-closed: a tenant that would rather not write than write unwitnessed.</summary>
public sealed class WitnessTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(300);

    [PostgresFact]
    public async Task An_append_is_refused_once_the_oldest_unanchored_entry_is_older_than_the_limit_and_not_before()
    {
        await using var ledger = await ClosedAsync();
        await ledger.Api.AppendAsync(Demo);
        ledger.Time.Advance(Limit / 2);
        await ledger.Api.AppendAsync(Demo);
        ledger.Time.Advance(Limit / 2);
        Assert.Equal(2, (await ledger.Api.AppendAsync(Demo)).Seq); // exactly as old as allowed
        ledger.Time.Advance(TimeSpan.FromMilliseconds(1));
        await AssertRefusedAsync(ledger, ProblemTypes.WitnessUnavailable, entries: 3);
    }

    [PostgresFact]
    public async Task It_recovers_by_itself_when_the_entry_is_anchored_and_counts_from_the_first_one_that_is_not()
    {
        await using var ledger = await ClosedAsync();
        await ledger.Api.AppendAsync(Demo);
        ledger.Time.Advance(Limit / 2);
        await ledger.Api.AppendAsync(Demo);
        ledger.Time.Advance(Limit);
        await AssertRefusedAsync(ledger, ProblemTypes.WitnessUnavailable, entries: 2);

        await AnchorAsync(ledger, size: 1); // covers entry 0; entry 1 is as old as the limit by now
        Assert.Equal(2, (await ledger.Api.AppendAsync(Demo)).Seq);
        ledger.Time.Advance(TimeSpan.FromSeconds(1));
        await AssertRefusedAsync(ledger, ProblemTypes.WitnessUnavailable, entries: 3);

        await AnchorAsync(ledger, size: 3);
        ledger.Time.Advance(Limit * 10); // an idle log waits for nothing
        Assert.Equal(3, (await ledger.Api.AppendAsync(Demo)).Seq);
    }

    [PostgresFact]
    public async Task A_payload_that_is_anchored_by_itself_is_no_witness_of_its_place()
    {
        await using var ledger = await ClosedAsync();
        await ledger.Api.AppendAsync(Demo);
        await AnchorAsync(ledger, size: 1, kind: "payload");
        ledger.Time.Advance(Limit * 2);
        await AssertRefusedAsync(ledger, ProblemTypes.WitnessUnavailable, entries: 1);
    }

    [PostgresFact]
    public async Task Other_tenants_and_the_answers_of_kept_keys_are_not_touched()
    {
        await using var ledger = await ClosedAsync();
        var kept = await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));
        await ledger.Api.AppendAsync(LedgerUnderTest.Other);
        ledger.Time.Advance(Limit * 2);
        await AssertRefusedAsync(ledger, ProblemTypes.WitnessUnavailable, entries: 1);
        Assert.Equal(1, (await ledger.Api.AppendAsync(LedgerUnderTest.Other)).Seq);
        Assert.Equal(kept.Id, (await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"))).Id);
    }

    [PostgresFact]
    public async Task A_policy_that_is_opened_lets_appends_through_at_once()
    {
        await using var ledger = await ClosedAsync();
        await ledger.Api.AppendAsync(Demo);
        ledger.Time.Advance(Limit * 2);
        await AssertRefusedAsync(ledger, ProblemTypes.WitnessUnavailable, entries: 1);
        await ledger.SqlAsync("UPDATE tenants SET fail_mode = 'open' WHERE tenant_id = 'demo'");
        Assert.Equal(1, (await ledger.Api.AppendAsync(Demo)).Seq);
    }

    [PostgresFact]
    public async Task Without_the_store_of_marks_a_fail_closed_tenant_is_refused_and_an_open_one_goes_on()
    {
        await using var ledger = await ClosedAsync();
        await ledger.Api.AppendAsync(Demo);
        await ledger.Api.AppendAsync(LedgerUnderTest.Other);
        ledger.Marks.Down = true;
        ledger.Time.Advance(Core.Entries.LogFloors.Freshness);
        await AssertRefusedAsync(ledger, ProblemTypes.StorageUnavailable, entries: 1);
        Assert.Equal(1, (await ledger.Api.AppendAsync(LedgerUnderTest.Other)).Seq);
        ledger.Marks.Down = false;
        Assert.Equal(1, (await ledger.Api.AppendAsync(Demo)).Seq);
    }

    private static async Task<LedgerUnderTest> ClosedAsync()
    {
        var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync($"""
            UPDATE tenants SET fail_mode = 'closed', max_age_seconds = {(int)Limit.TotalSeconds} WHERE tenant_id = 'demo'
            """);
        return ledger;
    }

    private static Task AnchorAsync(LedgerUnderTest ledger, long size, string kind = "checkpoint") => ledger.SqlAsync($"""
        INSERT INTO anchors (tenant_id, epoch, kind, position, tl_log_id, tl_log_index, tl_backend, tl_entry_id, tl_leaf_hash, tl_tree_size,
                             tl_root_hash, tl_checkpoint, tl_inclusion_proof, tl_raw, submitted_at, sigstore_bundle)
        VALUES ('demo', 1, '{kind}', {size}, 'log', {size}, 'rekor-v1', 'e', '', 1, '', '', ARRAY[]::bytea[], '', now(), '')
        """);

    private static async Task AssertRefusedAsync(LedgerUnderTest ledger, ProblemType expected, long entries)
    {
        var problem = await LedgerUnderTest.ProblemOfAsync(() =>
            ledger.Api.AppendAsync(Demo, "refused", LedgerUnderTest.Claim("refused")));
        Assert.Equal(expected, problem.Type);
        Assert.Equal(entries, await ledger.CheckLogAsync(Demo));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM idempotency WHERE key = 'refused'"));
        Assert.Equal(entries, await ledger.ScalarAsync<long>("SELECT count(*) FROM entry_meta WHERE tenant_id = 'demo'"));
    }
}
