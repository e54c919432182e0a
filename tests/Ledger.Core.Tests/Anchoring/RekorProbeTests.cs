using Ledger.Core.Anchoring;
using Ledger.Testing.Anchoring;
using Ledger.Testing.Time;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>The probe behind /health: everybody may ask it, and the logs must not notice.</summary>
public sealed class RekorProbeTests
{
    private readonly ManualTime time = new();
    private readonly ScriptedLog first = new("one.test"), second = new("two.test", 1);

    [Fact]
    public async Task It_says_yes_only_while_every_log_answers()
    {
        var probe = Probe(first, second);
        Assert.True(await probe.AnswersAsync(CancellationToken.None));
        second.Answers = false;
        time.Advance(RekorProbe.Freshness);
        Assert.False(await probe.AnswersAsync(CancellationToken.None));
        second.Answers = true;
        time.Advance(RekorProbe.Freshness);
        Assert.True(await probe.AnswersAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Without_a_log_it_says_no_and_that_there_is_none()
    {
        var probe = Probe();
        Assert.False(probe.HasLogs);
        Assert.False(await probe.AnswersAsync(CancellationToken.None));
    }

    [Fact]
    public async Task However_many_ask_the_log_is_asked_once_in_five_seconds()
    {
        var probe = Probe(first);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => probe.AnswersAsync(CancellationToken.None))));
        time.Advance(RekorProbe.Freshness - TimeSpan.FromTicks(1));
        await probe.AnswersAsync(CancellationToken.None);
        Assert.Equal(1, first.Asked);
        time.Advance(TimeSpan.FromTicks(1));
        await probe.AnswersAsync(CancellationToken.None);
        Assert.Equal(2, first.Asked);
    }

    [Fact]
    public async Task A_log_that_hangs_counts_as_down_after_three_seconds_and_is_not_asked_a_second_time_meanwhile()
    {
        first.WhileAsked = _ => new TaskCompletionSource().Task; // does not even mind being told to stop
        var probe = Probe(first);
        var asking = probe.AnswersAsync(CancellationToken.None);
        time.Advance(RekorProbe.Patience - TimeSpan.FromTicks(1));
        var another = probe.AnswersAsync(CancellationToken.None);
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.False(await asking);
        Assert.False(await another);
        Assert.Equal(1, first.Asked);
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_end_the_asking_for_the_others()
    {
        var hold = new TaskCompletionSource();
        first.WhileAsked = _ => hold.Task;
        var probe = Probe(first);
        using var leaving = new CancellationTokenSource();
        var left = probe.AnswersAsync(leaving.Token);
        var stays = probe.AnswersAsync(CancellationToken.None);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        hold.SetResult();
        Assert.True(await stays);
    }

    [Fact]
    public async Task A_v2_log_is_up_only_with_a_timestamping_authority_which_is_asked_four_times_a_minute()
    {
        await using var server = await ScriptedServer.StartAsync();
        using var authority = new TestAuthority("TSA");
        var isDown = false;
        server.Otherwise = (_, _) => isDown ? Reply.Of(404, "no backend") : Reply.Of(200, authority.Answer(server.Requests.Last().Body));
        var timestamps = TimestampClient.Of(new TimestampingOptions { Url = server.Url, Certificates = authority.Chain },
            TimeProvider.System);
        var probe = new RekorProbe(new TransparencyLogs([first, second], new TrustedRoot([], [])), timestamps, time);
        Assert.True(await probe.AnswersAsync(CancellationToken.None));
        Assert.Empty(server.Requests); // no v2 log needs it

        second.Version = 2;
        for (var i = 0; i < 3; i++)
        {
            time.Advance(RekorProbe.Freshness);
            Assert.True(await probe.AnswersAsync(CancellationToken.None));
        }
        Assert.Single(server.Requests);
        isDown = true;
        time.Advance(RekorProbe.StampFreshness);
        Assert.False(await probe.AnswersAsync(CancellationToken.None));
        isDown = false;
        time.Advance(RekorProbe.Freshness);
        Assert.True(await probe.AnswersAsync(CancellationToken.None));
    }

    private RekorProbe Probe(params ScriptedLog[] logs) => new(new TransparencyLogs(logs, new TrustedRoot([], [])),
        TimestampClient.Of(new TimestampingOptions(), TimeProvider.System), time);
}
