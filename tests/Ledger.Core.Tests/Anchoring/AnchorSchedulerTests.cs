using Ledger.Core.Anchoring;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Tests.Anchoring;

public sealed class AnchorSchedulerTests
{
    private static readonly TenantId Other = TenantId.Parse("other");

    [PostgresFact]
    public async Task A_log_is_due_after_its_entries_or_its_seconds_whichever_is_first()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync("checkpoint", entries: 5, seconds: 60);
        await anchoring.AppendAsync(4);
        Assert.Equal(0, await anchoring.Worker.StepAsync());
        await anchoring.AppendAsync(1);
        Assert.Equal(2, await anchoring.Worker.StepAsync());

        await anchoring.AppendAsync(1);
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(59));
        await anchoring.AppendAsync(1); // the first one's age counts
        Assert.Equal(0, await anchoring.Worker.StepAsync());
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await anchoring.Worker.StepAsync());
        Assert.Equal(["5", "7"], await anchoring.TableAsync("SELECT position FROM anchors ORDER BY position"));
    }

    [PostgresFact]
    public async Task A_tenant_has_one_open_job_per_log_however_many_schedule()
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        await anchoring.Ledger.OpenLogAsync(Other);
        await anchoring.AppendAsync(1, Other);
        await anchoring.AppendDueAsync(1);
        var workers = Enumerable.Range(0, 6).Select(_ => anchoring.StartWorker()).ToList();

        await Task.WhenAll(workers.Select(w => w.ScheduleAsync()));
        await anchoring.Worker.ScheduleAsync();

        // platform-audit is one more tenant: adding the others is in its log, but no checkpoint covers that here.
        Assert.Equal(["demo|rekor-v1|true", "demo|rekor-v2|false", "other|rekor-v1|true", "other|rekor-v2|false"],
            await anchoring.TableAsync("""
                SELECT j.tenant_id, l.backend, j.is_primary::text FROM jobs j JOIN transparency_logs l USING (tl_log_id) ORDER BY 1, 2
                """));
    }

    [PostgresFact]
    public async Task Two_workers_at_once_submit_each_checkpoint_once()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        var tenants = Enumerable.Range(0, 8).Select(i => TenantId.Parse($"t{i}")).ToList();
        foreach (var tenant in tenants)
        {
            await anchoring.Ledger.OpenLogAsync(tenant);
            await anchoring.AppendAsync(2, tenant);
        }
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(60));
        var workers = new[] { anchoring.Worker, anchoring.StartWorker() };
        for (var i = 0; i < 3; i++) await Task.WhenAll(workers.Select(w => w.StepAsync()));

        Assert.True(tenants.Count == await AnchorCheck.RunAsync(anchoring), anchoring.Ledger.Log.ToString());
        Assert.Equal((tenants.Count, tenants.Count), ((int)anchoring.Rekor.Size, anchoring.Log.Submissions.Count));
    }

    [PostgresFact]
    public async Task A_log_down_for_a_thousand_entries_ends_with_each_of_them_covered_without_a_new_write()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync("checkpoint", entries: 100, seconds: 60);
        await anchoring.AppendAsync(100);
        await anchoring.Worker.StepAsync();
        var failures = 0;
        anchoring.Log.BeforeSubmit = () =>
        {
            failures++;
            throw new LogException(LogFailureClass.Network, "connection refused");
        };
        for (var i = 0; i < 10; i++)
        {
            await anchoring.Ledger.AppendBatchAsync(100);
            await anchoring.AppendAsync(1);
            anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(30));
            await anchoring.Worker.StepAsync();
        }
        Assert.InRange(failures, 2, 11);
        Assert.Equal(["pending|200", "submitted|99"],
            await anchoring.TableAsync("SELECT status, covered_chain_seq FROM fact_chain_checkpoints ORDER BY 1"));

        anchoring.Log.BeforeSubmit = null;
        await anchoring.SettleAsync();

        Assert.Equal(["0"],
            await anchoring.TableAsync("SELECT count(*) FROM ledger.entries WHERE tenant_id = 'demo' AND rekor_log_id = ''"));
        var sizes = (await anchoring.TableAsync("SELECT position FROM anchors ORDER BY tl_log_index")).Select(long.Parse).ToList();
        Assert.Equal(sizes.Order().Distinct(), sizes);
        Assert.Equal([100, 201, 1110], sizes);
        Assert.Equal(sizes.Count, await AnchorCheck.RunAsync(anchoring));
        Assert.Equal(sizes.Count, anchoring.Rekor.Size);
    }

    [PostgresFact]
    public async Task What_waits_for_a_log_goes_when_it_is_back_not_when_its_own_pause_ends()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.Ledger.OpenLogAsync(Other);
        await anchoring.AppendAsync(1, Other);
        await anchoring.AppendDueAsync(1);
        anchoring.Log.BeforeSubmit = () => throw new LogException(LogFailureClass.Network, "away");
        for (var i = 0; i < 12; i++)
        {
            await anchoring.Worker.StepAsync();
            anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(16));
        }
        await anchoring.SqlAsync("UPDATE jobs SET next_retry_at = next_retry_at + interval '1 day' WHERE tenant_id = 'other'");
        anchoring.Log.BeforeSubmit = null;
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(60));
        await anchoring.Worker.StepAsync();
        await anchoring.Worker.StepAsync();
        Assert.Equal(["done|2"], await anchoring.TableAsync("SELECT status, count(*) FROM jobs GROUP BY 1"));
    }

    [PostgresFact]
    public async Task A_policy_that_is_off_disables_what_is_open_and_brings_it_back_when_it_is_on_again()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        anchoring.Log.BeforeSubmit = () => throw new LogException(LogFailureClass.Network, "away");
        await anchoring.AppendDueAsync(3);
        await anchoring.Worker.StepAsync();
        await anchoring.PolicyAsync("off");
        await anchoring.AppendDueAsync(3);
        Assert.Equal(1, await anchoring.Worker.AnchorUpkeep.FollowPoliciesAsync(CancellationToken.None));
        anchoring.Log.BeforeSubmit = null;
        await anchoring.SettleAsync();
        Assert.Equal(["disabled"], await anchoring.TableAsync("SELECT status FROM fact_chain_checkpoints"));
        Assert.Equal(0, anchoring.Rekor.Size);

        await anchoring.PolicyAsync("checkpoint");
        Assert.Equal(1, await anchoring.Worker.AnchorUpkeep.FollowPoliciesAsync(CancellationToken.None));
        Assert.Equal(0, await anchoring.Worker.AnchorUpkeep.FollowPoliciesAsync(CancellationToken.None));
        await anchoring.SettleAsync();
        Assert.Equal(["3", "6"], await anchoring.TableAsync("SELECT position FROM anchors ORDER BY tl_log_index"));
        await AnchorCheck.RunAsync(anchoring);
    }

    [PostgresFact]
    public async Task A_job_that_was_claimed_before_its_policy_went_off_submits_nothing()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        await anchoring.Worker.ScheduleAsync();
        await anchoring.PolicyAsync("off");
        Assert.Equal(1, await anchoring.Worker.RunAsync());
        Assert.Empty(anchoring.Log.Submissions);
        Assert.Equal(["pending|0"], await anchoring.TableAsync("SELECT status, attempt_count FROM jobs"));
    }

    [PostgresFact]
    public async Task A_halted_log_and_one_whose_marks_cannot_be_read_are_not_anchored()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        await anchoring.SqlAsync("UPDATE chain_heads SET halted = 'log-rolled-back' WHERE tenant_id = 'demo'");
        Assert.Equal(0, await anchoring.Worker.StepAsync());

        await anchoring.SqlAsync("UPDATE chain_heads SET halted = NULL");
        await anchoring.Worker.ScheduleAsync();
        anchoring.Ledger.Marks.Down = true;
        await anchoring.Worker.RunAsync();
        Assert.Equal(["pending|0|network"], await anchoring.TableAsync("SELECT status, counted_attempts, last_error_class FROM jobs"));
        Assert.Empty(anchoring.Log.Submissions);

        anchoring.Ledger.Marks.Down = false;
        await anchoring.SettleAsync();
        Assert.Equal(1, await AnchorCheck.RunAsync(anchoring));
    }

    [PostgresFact]
    public async Task A_log_of_another_configuration_leaves_its_jobs_waiting_for_people_to_see()
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        await anchoring.AppendDueAsync(3);
        await anchoring.Worker.ScheduleAsync();
        var alone = new TransparencyLogs([anchoring.Log], anchoring.Logs.Root);
        var worker = anchoring.StartWorker(logs: alone);
        await worker.Rows.RegisterAsync(alone, CancellationToken.None);
        await worker.AnchorUpkeep.FollowPoliciesAsync(CancellationToken.None);
        await worker.StepAsync();
        Assert.Equal(["done|", "pending|config"], await anchoring.TableAsync("SELECT status, last_error_class FROM jobs ORDER BY 1"));
        Assert.Equal(["rekor-v1|0", "rekor-v2|"], await anchoring.TableAsync("SELECT backend, ordinal FROM transparency_logs ORDER BY 1"));

        await anchoring.Worker.Rows.RegisterAsync(anchoring.Logs, CancellationToken.None);
        await anchoring.SettleAsync();
        Assert.Equal(2, await AnchorCheck.RunAsync(anchoring));
    }

    [PostgresFact]
    public async Task A_budget_delays_and_never_drops()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        anchoring.Log.Budget = new SubmissionBudget(PerHour: 60, PerTenMinutes: 10); // one a minute, and a short burst
        var tenants = Enumerable.Range(0, 15).Select(i => TenantId.Parse($"t{i}")).ToList();
        foreach (var tenant in tenants)
        {
            await anchoring.Ledger.OpenLogAsync(tenant);
            await anchoring.AppendAsync(1, tenant);
        }
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(60));
        await anchoring.Worker.StepAsync();
        Assert.InRange(anchoring.Rekor.Size, 1, 10);
        Assert.Equal(["0|[]"], await anchoring.TableAsync("SELECT DISTINCT counted_attempts, errors FROM jobs"));

        for (var turn = 0; turn < tenants.Count; turn++)
        {
            anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(61));
            await anchoring.Worker.StepAsync();
        }
        Assert.Equal(tenants.Count, await AnchorCheck.RunAsync(anchoring));
    }

    [PostgresFact]
    public async Task With_a_budget_a_tenant_is_due_when_its_turn_comes_however_much_it_writes()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync("checkpoint", entries: 1, seconds: 1);
        anchoring.Log.Budget = new SubmissionBudget(PerHour: 60, PerTenMinutes: 20);
        await anchoring.AppendAsync(1);
        Assert.Equal(2, await anchoring.Worker.StepAsync());
        await anchoring.AppendAsync(1);
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(0, await anchoring.Worker.StepAsync()); // a minute for each of the two tenants: demo and platform-audit
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(2, await anchoring.Worker.StepAsync());
    }
}
