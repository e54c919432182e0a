using Ledger.Testing.Time;

namespace Ledger.DevHost.Tests.Time;

public sealed class ManualTimeTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(10), _time);

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        await delay;
        Assert.Equal(0, _time.WaitingTimers);
    }

    [Fact]
    public void A_periodic_timer_fires_once_per_period_and_sees_its_own_due_time()
    {
        var start = _time.GetUtcNow();
        var fired = new List<TimeSpan>();
        using var timer = _time.CreateTimer(
            _ => fired.Add(_time.GetUtcNow() - start), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal([1, 3, 5], fired.Select(static at => at.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(6), _time.GetUtcNow() - start);
    }

    [Fact]
    public void A_disposed_timer_does_not_fire()
    {
        var fired = false;
        _time.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan).Dispose();

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(fired);
    }

    [Fact]
    public void A_clock_set_back_fires_nothing()
    {
        var fired = 0;
        using var timer = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _time.Set(_time.GetUtcNow() - TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, fired);

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, fired);
    }
}
