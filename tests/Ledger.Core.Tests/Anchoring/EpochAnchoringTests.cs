using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Checkpoints;
using Ledger.Testing.Attributes;
using Ledger.Verify.Verification;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>Anchors across epochs: what a log shows under an epoch's key is that epoch's list of checkpoints.</summary>
public sealed class EpochAnchoringTests
{
    [PostgresFact]
    public async Task Each_epoch_is_anchored_under_its_own_key_the_closed_ones_tail_too()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        await anchoring.SettleAsync();
        await anchoring.Ledger.AppendAsync(2); // neither covered nor anchored when the epoch closes
        await anchoring.Ledger.OpenEpochAsync(force: true);
        await anchoring.AppendDueAsync(4);
        await anchoring.SettleAsync();

        Assert.Equal(["1|3", "1|5", "2|5"], await anchoring.TableAsync("SELECT epoch, position FROM anchors ORDER BY 1, 2"));
        Assert.Equal(3, await AnchorCheck.RunAsync(anchoring));
        Assert.Equal(["1|1", "2|2"], await anchoring.TableAsync("""
            SELECT DISTINCT j.epoch, s.vault_version FROM jobs j
              JOIN signing_keys s ON s.tenant_id = j.tenant_id AND s.key_id = j.frozen_key_id AND s.purpose = 'anchor' ORDER BY 1
            """));

        // As a stranger sees it, with the trust file alone.
        var trust = (await new TrustFileReader(anchoring.Ledger.Api.Database).ReadAsync(TestAnchoring.Demo, default))!
            with { TrustedRoot = anchoring.Logs.Root };
        var bundles = new BundleReader(anchoring.Ledger.Api.Database);
        foreach (var id in await anchoring.TableAsync("SELECT id FROM chain_entries WHERE tenant_id = 'demo' ORDER BY epoch, seq"))
        {
            var bundle = (await bundles.FindAsync(TestAnchoring.Demo, Guid.Parse(id), default))!;
            Assert.Equal(Verdict.Verified, new BundleVerifier(trust).Verify(bundle, TrustPolicy.Default).Verdict);
            // Not under the other epoch's key.
            var swapped = trust with { Logs = [.. trust.Logs.Select((l, i) => l with { AnchorKeys = trust.Logs[1 - i].AnchorKeys })] };
            Assert.Equal(Verdict.Failed, new BundleVerifier(swapped).Verify(bundle, TrustPolicy.Default).Verdict);
        }
    }

    [PostgresFact]
    public async Task A_closed_epoch_that_was_rolled_back_is_anchored_no_more_and_no_job_waits_for_it()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        Assert.Equal(1, await anchoring.Worker.ScheduleAsync()); // its job is open when the epoch closes
        var copy = await DatabaseCopy.TakeAsync(anchoring.Ledger);
        await anchoring.AppendAsync(4);
        await copy.RestoreAsync();
        await TestLog.IntegrateAsync(anchoring.Ledger.StartIntegrator());
        Assert.Equal("log-rolled-back", await anchoring.Ledger.HaltedAsync());
        await anchoring.Worker.RunAsync();
        Assert.Equal(["pending"], await anchoring.TableAsync("SELECT status FROM jobs")); // a person has not decided yet

        await anchoring.Ledger.OpenEpochAsync();
        await anchoring.AppendDueAsync(1);
        await anchoring.SettleAsync();
        Assert.Equal(["1|done|", "2|done|2"], await anchoring.TableAsync("SELECT epoch, status, position FROM jobs ORDER BY epoch"));
        Assert.Equal(["2|2"], await anchoring.TableAsync("SELECT epoch, position FROM anchors"));
        Assert.Equal(["1|submitted"], await anchoring.TableAsync("SELECT covered_chain_seq, status FROM fact_chain_checkpoints"));
    }

    [PostgresFact]
    public async Task A_closed_epoch_whose_only_key_was_retired_waits_for_a_person_and_not_for_ever()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        await anchoring.Worker.ScheduleAsync();
        var key = Assert.Single(await anchoring.TableAsync(
            "SELECT key_id FROM key_ranges WHERE tenant_id = 'demo' AND epoch = 1 AND purpose = 'anchor'"));
        await anchoring.Ledger.OpenEpochAsync(force: true);
        Assert.Single(await anchoring.Ledger.RetireAsync(key));

        await anchoring.Worker.RunAsync();
        var row = Assert.Single(await anchoring.TableAsync("SELECT counted_attempts, last_error_class, last_error FROM jobs"));
        Assert.StartsWith("1|config|signer-key-retired", row, StringComparison.Ordinal);

        await anchoring.SettleAsync();
        Assert.Equal(["1|dead_letter"], await anchoring.TableAsync("SELECT epoch, status FROM jobs WHERE epoch = 1"));
        Assert.Empty(await anchoring.TableAsync("SELECT position FROM anchors WHERE epoch = 1"));
    }
}
