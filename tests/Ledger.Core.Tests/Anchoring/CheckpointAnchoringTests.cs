using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;
using Ledger.Testing.Attributes;
using Ledger.Verify.Verification;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>From a checkpoint to a stored anchor, when nothing fails.</summary>
public sealed class CheckpointAnchoringTests
{
    [PostgresFact]
    public async Task A_due_checkpoint_is_logged_verified_and_stored()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);

        Assert.Equal(2, await anchoring.Worker.StepAsync()); // made and run

        Assert.Equal(1, anchoring.Rekor.Size);
        Assert.Equal([$"1|checkpoint|3|rekor-v1|0|{anchoring.Log.Id}"],
            await anchoring.TableAsync("SELECT epoch, kind, position, tl_backend, tl_log_index, tl_log_id FROM anchors"));
        Assert.Contains("Entry 0..2 of demo anchored to Rekor", anchoring.Ledger.Log.ToString(), StringComparison.Ordinal);
        await anchoring.AppendDueAsync(2);
        await anchoring.Worker.StepAsync();
        Assert.Contains("Entry 3..4 of demo anchored to Rekor", anchoring.Ledger.Log.ToString(), StringComparison.Ordinal);
        await AnchorCheck.RunAsync(anchoring);
    }

    [PostgresFact]
    public async Task The_runbook_s_statement_shows_it_submitted_with_nothing_missing()
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        await anchoring.AppendDueAsync(3);
        await anchoring.Worker.StepAsync();

        // Once, though it is in two logs: the primary one's.
        Assert.Equal(["demo|2|submitted|1|2026-01-01 00:01:00+00|2026-01-01 00:01:00+00||"], await anchoring.TableAsync("""
            SELECT tenant_id, covered_chain_seq, status, attempt_count, created_at, submitted_at, next_retry_at, last_error
              FROM fact_chain_checkpoints ORDER BY covered_chain_seq DESC LIMIT 10;
            """));
        Assert.Equal(["0"], await anchoring.TableAsync("""
            SELECT count(*) FROM fact_chain_checkpoints WHERE status = 'submitted'
               AND (submitted_at IS NULL OR tl_log_id IS NULL OR tl_leaf_hash IS NULL OR tl_log_index IS NULL OR tl_raw IS NULL)
            """));
        Assert.Equal(["0"],
            await anchoring.TableAsync(
                "SELECT COUNT(*) AS unanchored_count FROM ledger.entries WHERE rekor_log_id = '' OR rekor_log_id IS NULL;"));
        Assert.Equal(["checkpoints.to_anchor|done|2"],
            await anchoring.TableAsync("SELECT queue, status, count(*) FROM jobs GROUP BY queue, status;"));
    }

    [PostgresFact]
    public async Task A_second_log_of_version_2_gets_it_too_with_a_timestamp()
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        await anchoring.AppendDueAsync(3);

        Assert.Equal(4, await anchoring.Worker.StepAsync());

        Assert.Equal(["rekor-v1|true|false", "rekor-v2|false|true"], await anchoring.TableAsync("""
            SELECT a.tl_backend, (a.tl_integrated_time IS NOT NULL)::text, (j.frozen_timestamp IS NOT NULL)::text
              FROM anchors a JOIN jobs j ON j.tl_log_id = a.tl_log_id ORDER BY 1
            """));
        await AnchorCheck.RunAsync(anchoring);
    }

    [PostgresFact]
    public async Task The_bundle_of_an_entry_verifies_offline_with_its_anchors()
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        var entry = await anchoring.Ledger.Api.AppendAsync(TestAnchoring.Demo, "fact");
        await anchoring.AppendDueAsync(2);
        await anchoring.Worker.StepAsync();

        var reader = new BundleReader(anchoring.Ledger.Api.Database);
        var bundle = (await reader.FindAsync(TestAnchoring.Demo, entry.Id, CancellationToken.None))!;

        Assert.Equal(2, bundle.Anchors!.Count);
        Assert.True(Bundle.TryParse(bundle.ToBytes(), out _, out var failure), failure.ToString());
    }

    [PostgresFact]
    public async Task An_idle_log_is_not_anchored_again()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        await anchoring.SettleAsync();
        anchoring.Ledger.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await anchoring.Worker.StepAsync());
        Assert.Equal(1, anchoring.Rekor.Size);
    }

    [PostgresFact]
    public async Task What_was_chosen_while_the_log_was_away_goes_first_and_then_the_newest()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        anchoring.Log.BeforeSubmit = () => throw new LogException(LogFailureClass.Network, "away");
        await anchoring.AppendDueAsync(3);
        await anchoring.Worker.StepAsync();
        await anchoring.AppendAsync(2);
        await anchoring.AppendAsync(2);
        anchoring.Log.BeforeSubmit = null;
        await anchoring.SettleAsync();
        Assert.Equal(["3", "7"], await anchoring.TableAsync("SELECT position FROM anchors ORDER BY tl_log_index"));
        await AnchorCheck.RunAsync(anchoring);
    }
}
