using Ledger.Core.Anchoring;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>Anchoring to a log that lies: the watch stands between what it answers and what is stored.</summary>
public sealed class WatchedAnchoringTests
{
    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_that_shows_another_history_is_quarantined_and_gets_nothing_until_a_person_lifts_it(bool second)
    {
        await using var anchoring = await TestAnchoring.StartAsync(second);
        var (faults, log) = second ? (anchoring.Rekor2!.Faults, anchoring.Log2) : (anchoring.Rekor.Faults, anchoring.Log);
        await anchoring.AppendDueAsync(3);
        await anchoring.SettleAsync();

        faults.Set(FaultMode.ForkedTree);
        await anchoring.AppendDueAsync(2);
        await anchoring.SettleAsync();
        Assert.Contains("quarantined", Assert.Single(anchoring.Ledger.Log.Alerts), StringComparison.Ordinal);
        Assert.Equal([log.Id], await anchoring.TableAsync("SELECT tl_log_id FROM transparency_logs WHERE quarantined_at IS NOT NULL"));
        Assert.Equal(["3"], await anchoring.TableAsync($"SELECT position FROM anchors WHERE tl_log_id = '{log.Id}'"));
        Assert.Equal(["log"], await anchoring.TableAsync(
            $"SELECT last_error_class FROM jobs WHERE tl_log_id = '{log.Id}' AND status <> 'done'"));

        var submissions = log.Submissions.Count;
        faults.Clear();
        await anchoring.SettleAsync();
        Assert.Equal(submissions, log.Submissions.Count); // honest again or not

        await using var owner = new LedgerDatabase(anchoring.Ledger.Database.Owner, DatabaseRole.Owner);
        Assert.NotNull(await new LogQuarantine(owner, new AuditOutbox(anchoring.Ledger.Time, new IdSource()), anchoring.Ledger.Time)
            .LiftAsync(log.Id, "test", CancellationToken.None));
        await anchoring.SettleAsync();
        Assert.Equal(["3", "5"], await anchoring.TableAsync($"SELECT position FROM anchors WHERE tl_log_id = '{log.Id}' ORDER BY 1"));
        await AnchorCheck.RunAsync(anchoring);
    }

    [PostgresFact]
    public async Task The_clocks_of_a_log_and_of_an_authority_are_compared_with_ours()
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        await anchoring.AppendDueAsync(1);
        await anchoring.SettleAsync();
        Assert.DoesNotContain("clock skew", anchoring.Ledger.Log.ToString(), StringComparison.Ordinal);

        foreach (var faults in new[] { anchoring.Rekor.Faults, anchoring.Tsa!.Faults })
            faults.Set(new Fault(FaultMode.ClockSkew) { Skew = TimeSpan.FromMinutes(7) });
        await anchoring.AppendDueAsync(1);
        await anchoring.SettleAsync();
        Assert.Equal(2, anchoring.Ledger.Log.ToString().Split('\n').Count(line =>
            line.StartsWith("Warning: clock skew: ", StringComparison.Ordinal)));
        Assert.Equal(["2", "2"],
            await anchoring.TableAsync("SELECT position FROM anchors ORDER BY submitted_at DESC LIMIT 2")); // only warned
    }
}
