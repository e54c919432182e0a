using Ledger.Core.Anchoring;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A transparency log that is away, busy or lies. Nothing of what it says is stored until it is true.</summary>
public sealed class LogFaultTests
{
    private const string Entries = "/api/v1/log/entries";
    private const int ClientTries = 3;

    [PostgresTheory]
    [InlineData(FaultMode.ServerError, false)]
    [InlineData(FaultMode.ServerError, true)]
    [InlineData(FaultMode.Down, false)]
    [InlineData(FaultMode.Down, true)]
    [InlineData(FaultMode.Drop, false)] // cut in the middle of the answer: the entry is there
    public async Task A_log_that_does_not_answer_never_counts_and_is_tried_again(FaultMode mode, bool afterWork)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.SqlAsync("ALTER TABLE jobs ALTER max_attempts SET DEFAULT 1");
        await anchoring.AppendDueAsync(3);
        anchoring.Rekor.Faults.Set(new Fault(mode) { PathPrefix = Entries, AfterWork = afterWork, Count = ClientTries });

        await anchoring.Worker.StepAsync();

        Assert.Equal(["pending|1|0|network"],
            await anchoring.TableAsync("SELECT status, attempt_count, counted_attempts, last_error_class FROM jobs"));
        Assert.Contains("Rekor anchoring failed", anchoring.Ledger.Log.ToString(), StringComparison.Ordinal);
        Assert.Equal(["network|true|true"], await anchoring.TableAsync("""
            SELECT last_error_class, (last_failure_at IS NOT NULL)::text, (last_success_at IS NULL)::text FROM transparency_logs
            """));
        anchoring.Rekor.Faults.Clear();
        await anchoring.SettleAsync();
        await AssertOnceAsync(anchoring);
    }

    [PostgresFact]
    public async Task A_log_that_asks_to_wait_is_left_alone_for_so_long()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        anchoring.Rekor.Faults.Set(new Fault(FaultMode.TooManyRequests) { PathPrefix = Entries, RetryAfter = TimeSpan.FromMinutes(5) });
        await anchoring.Worker.StepAsync();
        var asked = anchoring.Log.Submissions.Count;
        anchoring.Rekor.Faults.Clear();

        // Nobody asks before, not even with another tenant's checkpoint.
        await anchoring.Ledger.OpenLogAsync(Core.Tenancy.TenantId.Parse("other"));
        await anchoring.AppendDueAsync(1, Core.Tenancy.TenantId.Parse("other"));
        anchoring.Ledger.Time.Advance(TimeSpan.FromMinutes(3));
        await anchoring.Worker.StepAsync();
        Assert.Equal(asked, anchoring.Log.Submissions.Count);

        anchoring.Ledger.Time.Advance(TimeSpan.FromMinutes(2));
        await anchoring.SettleAsync();
        Assert.Equal(0, anchoring.Rekor.Size - await AnchorCheck.RunAsync(anchoring));
        Assert.Equal(["0"], await anchoring.TableAsync("SELECT sum(counted_attempts) FROM jobs"));
    }

    [PostgresTheory]
    [InlineData(FaultMode.WrongProof)]
    [InlineData(FaultMode.WrongRoot)]
    [InlineData(FaultMode.WrongKey)]
    [InlineData(FaultMode.WrongSignature)]
    [InlineData(FaultMode.OtherEntry)]
    public async Task A_log_that_lies_is_not_believed(FaultMode mode)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(1);
        await anchoring.SettleAsync(); // so that there are an entry of somebody and a proof to be wrong
        await anchoring.AppendDueAsync(2);
        anchoring.Rekor.Faults.Set(mode);

        await anchoring.Worker.StepAsync();

        Assert.Equal(["pending|1|log"], await anchoring.TableAsync(
            "SELECT status, counted_attempts, last_error_class FROM jobs WHERE status <> 'done'"));
        Assert.Equal(["1"], await anchoring.TableAsync("SELECT count(*) FROM anchors"));
        anchoring.Rekor.Faults.Clear();
        await anchoring.SettleAsync();
        await AssertOnceAsync(anchoring, size: 3, anchors: 2, strangers: mode == FaultMode.OtherEntry ? 1 : 0);
    }

    [PostgresFact]
    public async Task A_log_that_lies_for_good_ends_in_a_dead_letter_and_no_new_job_is_made()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        anchoring.Log.AfterSubmit = _ => throw new LogException(LogFailureClass.Log, "wrong proof");
        await anchoring.SettleAsync();
        Assert.Equal(["dead_letter|25|25|2"],
            await anchoring.TableAsync("SELECT status, attempt_count, counted_attempts, position - 1 FROM jobs"));
        Assert.Equal(["dead_letter|wrong proof|log"],
            await anchoring.TableAsync("SELECT status, last_error, last_error_class FROM fact_chain_checkpoints"));

        anchoring.Log.AfterSubmit = null;
        await anchoring.AppendDueAsync(2);
        Assert.Equal(0, await anchoring.Worker.StepAsync());
        Assert.Single(anchoring.Log.Submissions.Select(s => Convert.ToHexString(s.Signature)).Distinct());
    }

    [PostgresFact]
    public async Task A_log_that_went_back_on_its_history_is_quarantined_and_gets_nothing_more()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        await anchoring.SettleAsync();
        anchoring.Rekor.Faults.Set(FaultMode.ForkedTree);
        await anchoring.AppendDueAsync(3);
        await anchoring.Worker.StepAsync();
        Assert.NotEmpty(anchoring.Ledger.Log.Alerts);
        var submitted = anchoring.Log.Submissions.Count;

        anchoring.Rekor.Faults.Clear();
        anchoring.Ledger.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await anchoring.Worker.StepAsync());

        Assert.Equal(submitted, anchoring.Log.Submissions.Count);
        Assert.Equal(["1"], await anchoring.TableAsync("SELECT count(*) FROM anchors"));
    }

    private static async Task AssertOnceAsync(TestAnchoring anchoring, long size = 3, int anchors = 1, int strangers = 0)
    {
        Assert.Equal([$"{size}"], await anchoring.TableAsync("SELECT max(position) FROM anchors"));
        Assert.Equal(anchors, await AnchorCheck.RunAsync(anchoring));
        Assert.Equal(anchors + strangers, anchoring.Rekor.Size);
    }
}
