using Ledger.Api.Tenancy;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing.Time;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>When an issuer is asked for its keys, and what is answered while it does not answer.</summary>
public sealed class IssuerKeysTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly CapturedLog log = new();
    private readonly IssuerKeys keys;
    private IReadOnlyList<string> shown = ["k1"];
    private TaskCompletionSource? gate;
    private bool down;
    private int fetches;

    public IssuerKeysTests() =>
        keys = new IssuerKeys(new IssuerOptions { Issuer = "https://id.example.com/realms/ledger" }, async () =>
        {
            Interlocked.Increment(ref fetches);
            if (gate is not null) await gate.Task;
            return down ? throw new HttpRequestException("refused") : KeyDocuments.Set(shown);
        }, time, log.CreateLogger("keys"));

    [Fact]
    public async Task A_key_that_was_read_is_used_for_its_fresh_time_without_another_question()
    {
        Assert.Equal(KeyAnswer.Known, await FindAsync("k1"));
        time.Advance(TimeSpan.FromMinutes(53));
        Assert.Equal(KeyAnswer.Known, await FindAsync("k1"));
        Assert.Equal(1, fetches);
    }

    [Fact]
    public async Task Shortly_before_their_time_ends_keys_are_read_again_and_nobody_waits()
    {
        await FindAsync("k1");
        (gate, shown) = (new(), ["k1", "k2"]);
        time.Advance(TimeSpan.FromMinutes(55));
        for (var i = 0; i < 3; i++) Assert.Equal(KeyAnswer.Known, AtOnce("k1"));
        gate.SetResult();
        Assert.Equal(KeyAnswer.Known, await FindAsync("k2")); // joins the one that runs
        Assert.Equal(2, fetches);
    }

    [Fact]
    public async Task After_a_quiet_spell_keys_are_read_before_they_are_used_so_that_a_withdrawn_key_is_worth_nothing()
    {
        await FindAsync("k1");
        shown = ["k2"];
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(KeyAnswer.Unknown, await FindAsync("k1"));
        Assert.Equal(KeyAnswer.Known, await FindAsync("k2"));
        Assert.Equal(2, fetches);
    }

    [Fact]
    public async Task A_new_key_is_found_at_once_and_the_first_fetch_does_not_count_against_it()
    {
        await FindAsync("k1");
        shown = ["k1", "k2"];
        Assert.Equal(KeyAnswer.Known, await FindAsync("k2"));
        Assert.Equal(2, fetches);
    }

    [Fact]
    public async Task A_flood_of_unknown_keys_is_one_fetch_a_minute()
    {
        await FindAsync("k1");
        for (var second = 0; second < 180; second++)
        {
            foreach (var i in Enumerable.Range(0, 10)) Assert.Equal(KeyAnswer.Unknown, await FindAsync($"no-{second}-{i}"));
            Assert.Equal(2 + (second / 60), fetches);
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_flood_at_a_cold_start_is_one_fetch()
    {
        gate = new();
        var answers = Enumerable.Range(0, 100).Select(i => FindAsync($"no-{i}")).ToList();
        gate.SetResult();
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(KeyAnswer.Unknown, answer));
        Assert.Equal(KeyAnswer.Unknown, await FindAsync("another"));
        Assert.Equal(1, fetches);
    }

    [Fact]
    public async Task An_unknown_key_of_an_issuer_that_is_away_is_not_refused_but_put_off()
    {
        await FindAsync("k1");
        down = true;
        for (var second = 0; second < 120; second++)
        {
            Assert.Equal(KeyAnswer.Unavailable, await FindAsync("k2"));
            Assert.Equal(KeyAnswer.Known, await FindAsync("k1"));
            Assert.Equal(2 + (second / 60), fetches);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        (down, shown) = (false, ["k1", "k2"]);
        Assert.Equal(KeyAnswer.Known, await FindAsync("k2"));
        Assert.Equal(KeyAnswer.Unknown, await FindAsync("k3"));
    }

    [Fact]
    public async Task Without_any_keys_the_issuer_is_asked_again_after_a_pause()
    {
        down = true;
        for (var second = 0; second < 10; second++)
        {
            for (var i = 0; i < 5; i++) Assert.Equal(KeyAnswer.Unavailable, await FindAsync("k1"));
            Assert.Equal(1 + (second / 5), fetches);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        down = false;
        Assert.Equal(KeyAnswer.Known, await FindAsync("k1"));
    }

    [Fact]
    public async Task Keys_serve_an_outage_to_the_stale_limit_and_no_longer_and_it_ends_by_itself()
    {
        await FindAsync("k1");
        down = true;
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(KeyAnswer.Known, await FindAsync("k1")); // waits once, to know
        while (time.GetUtcNow() < Start.AddHours(24))
        {
            Assert.Equal(KeyAnswer.Known, AtOnce("k1"));
            time.Advance(TimeSpan.FromMinutes(10));
        }
        for (var i = 0; i < 3; i++) Assert.Equal(KeyAnswer.Unavailable, await FindAsync("k1"));
        down = false;
        for (var tries = 0; tries < 100 && await FindAsync("k1") != KeyAnswer.Known; tries++)
        {
            await Task.Yield(); // a fetch that nobody waits for may still be ending
            time.Advance(IssuerKeys.FailurePause);
        }
        Assert.Equal(KeyAnswer.Known, AtOnce("k1"));
        var lines = log.Text.Split('\n');
        Assert.Single(lines, line => line.Contains("ledger is away: refused", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("used no more", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("ledger is back", StringComparison.Ordinal));
        Assert.Equal(3, lines.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public async Task An_issuer_that_hangs_is_waited_for_by_one_caller_at_a_time_and_by_nobody_in_the_pause_after(int hoursAfterKeys)
    {
        if (hoursAfterKeys > 0) await FindAsync("k1");
        time.Advance(TimeSpan.FromHours(hoursAfterKeys));
        var before = fetches;
        (gate, down) = (new(), true);
        Task<KeyAnswer>[] waiting = [FindAsync("k1"), FindAsync("k1")]; // nobody knows yet that it hangs
        await EndAsync(waiting);
        for (var second = 0; second < 5; second++, time.Advance(TimeSpan.FromSeconds(1)))
            Assert.Equal(KeyAnswer.Unavailable, AtOnce("k1"));
        Assert.Equal(before + 1, fetches);

        gate = new();
        var asks = FindAsync("k1");
        Assert.Equal((KeyAnswer.Unavailable, KeyAnswer.Unavailable), (AtOnce("k1"), AtOnce("another")));
        Assert.False(asks.IsCompleted);
        await EndAsync(asks);
        Assert.Equal(KeyAnswer.Unavailable, AtOnce("k1"));
        Assert.Equal(before + 2, fetches);

        async Task EndAsync(params Task<KeyAnswer>[] answers)
        {
            time.Advance(IssuerKeyFetch.Timeout);
            gate.SetResult();
            Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(KeyAnswer.Unavailable, answer));
        }
    }

    [Fact]
    public async Task A_caller_who_goes_away_does_not_end_the_fetch_that_others_wait_for()
    {
        gate = new();
        using var gone = new CancellationTokenSource();
        var (first, second) = (keys.FindAsync("k1", gone.Token).AsTask(), FindAsync("k1"));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        Assert.Equal(KeyAnswer.Known, await second);
        Assert.Equal(1, fetches);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_keys_old_and_not_young_for_ever()
    {
        await FindAsync("k1");
        time.Set(Start.AddDays(-2));
        Assert.Equal(KeyAnswer.Known, await FindAsync("k1"));
        Assert.Equal(2, fetches);
    }

    public void Dispose() => log.Dispose();

    private static DateTimeOffset Start => new ManualTime().GetUtcNow();

    private Task<KeyAnswer> FindAsync(string keyId) => keys.FindAsync(keyId, default).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    private KeyAnswer AtOnce(string keyId)
    {
        var answer = keys.FindAsync(keyId, default).AsTask();
        Assert.True(answer.IsCompleted);
        return answer.GetAwaiter().GetResult();
    }
}
