using Ledger.Core.Anchoring;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A log that refuses everything, and whatever answers in the place of one that is gone.</summary>
public sealed class LogRefusalTests
{
    private static readonly LogException NotFound = new(LogFailureClass.Config, "status 404: no such page");

    [PostgresFact]
    public async Task A_proxy_that_answers_404_for_a_log_that_is_gone_dead_letters_nothing()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        anchoring.Log.BeforeSubmit = () => throw NotFound;
        anchoring.Log.NoHead = NotFound;
        for (var i = 0; i < 40; i++)
        {
            await anchoring.Worker.StepAsync();
            anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(60));
        }
        Assert.True(anchoring.Log.Submissions.Count > 25);
        Assert.Equal(["pending|0|network"], await anchoring.TableAsync("SELECT status, counted_attempts, last_error_class FROM jobs"));

        (anchoring.Log.BeforeSubmit, anchoring.Log.NoHead) = (null, null);
        await anchoring.SettleAsync();
        Assert.Equal(1, await AnchorCheck.RunAsync(anchoring));
    }

    [PostgresFact]
    public async Task A_log_that_is_there_and_refuses_is_tried_by_one_job_at_a_time_and_counts()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        anchoring.Log.BeforeSubmit = () => throw NotFound;
        await anchoring.Worker.StepAsync();
        Assert.Equal(["pending|1|config"], await anchoring.TableAsync("SELECT status, counted_attempts, last_error_class FROM jobs"));
        Assert.All(anchoring.Worker.Handlers, handler => Assert.Equal(0, RoomOf(handler)));
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.All(anchoring.Worker.Handlers, handler => Assert.Equal(1, RoomOf(handler)));

        static int RoomOf(Ledger.Core.Jobs.IJobHandler handler) =>
            handler.RoomAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}
