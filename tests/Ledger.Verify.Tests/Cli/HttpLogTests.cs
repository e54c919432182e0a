using Ledger.Verify.Cli;

namespace Ledger.Verify.Tests.Cli;

/// <summary>A server that asks for patience.</summary>
public sealed class HttpLogTests
{
    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData(null, 1)]
    [InlineData("3600", 60)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", 0)]
    public async Task It_is_asked_again_after_the_time_that_it_names(string? retryAfter, int seconds)
    {
        await using var site = new LoopbackSite((what, _) => what == "GET /checkpoint" ? "note"u8.ToArray() : null);
        (site.PutOff, site.RetryAfter) = (3, retryAfter);
        var time = new Impatient();
        using var log = new HttpLog(new Uri(site.Address), time);
        Assert.Equal("note"u8.ToArray(), log.Folder.Read("checkpoint", 100));
        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(seconds), seconds == 0 ? 0 : 3), time.Waited);
        Assert.Equal(4, site.Requests.Count);
    }

    [Fact]
    public async Task A_request_with_a_body_is_sent_again_whole()
    {
        await using var site = new LoopbackSite((what, body) => System.Text.Encoding.UTF8.GetBytes(what + " " + body));
        site.PutOff = 1;
        using var log = new HttpLog(new Uri(site.Address), new Impatient());
        Assert.Equal("POST /search {}"u8.ToArray(), log.Post("search", "{}"u8.ToArray()));
    }

    [Fact]
    public async Task It_is_given_up_after_ten_times()
    {
        await using var site = new LoopbackSite((_, _) => []);
        site.PutOff = int.MaxValue;
        using var log = new HttpLog(new Uri(site.Address), new Impatient());
        var given = Assert.Throws<IOException>(() => log.Folder.Read("checkpoint", 100));
        Assert.Contains("429", given.Message, StringComparison.Ordinal);
        Assert.Equal(11, site.Requests.Count);
    }

    /// <summary>Time in which every wait is over at once.</summary>
    private sealed class Impatient : TimeProvider
    {
        public List<TimeSpan> Waited { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waited.Add(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
