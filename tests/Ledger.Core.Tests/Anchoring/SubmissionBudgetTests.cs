using Ledger.Core.Anchoring;

namespace Ledger.Core.Tests.Anchoring;

public sealed class SubmissionBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SubmissionBudget Public = SubmissionBudget.PublicSigstore;

    [Fact]
    public void A_first_submission_may_go() => Assert.Null(Public.Take(Public.Full, Start).Wait);

    [Fact]
    public void An_empty_bucket_says_how_long_until_the_next_and_then_gives_it()
    {
        var empty = new SubmissionBudgetState(0, Start);
        var (kept, wait) = Public.Take(empty, Start);
        Assert.Equal(36, wait!.Value.TotalSeconds, 0.0011);
        Assert.NotNull(Public.Take(kept, Start + TimeSpan.FromSeconds(35)).Wait);
        Assert.Null(Public.Take(kept, Start + wait.Value).Wait);
    }

    [Fact]
    public void Asking_in_vain_costs_nothing()
    {
        var state = new SubmissionBudgetState(0, Start);
        for (var second = 1; second < 36; second++)
        {
            (state, var wait) = Public.Take(state, Start + TimeSpan.FromSeconds(second));
            Assert.Equal(36 - second, wait!.Value.TotalSeconds, 0.0011);
        }
        Assert.Null(Public.Take(state, Start + TimeSpan.FromSeconds(36.001)).Wait);
    }

    [Fact]
    public void A_clock_that_was_set_back_gives_nothing_and_does_not_block()
    {
        var (state, wait) = Public.Take(new(0, Start), Start - TimeSpan.FromDays(1));
        Assert.Equal(36, wait!.Value.TotalSeconds, 0.0011);
        Assert.Null(Public.Take(state, Start - TimeSpan.FromDays(1) + wait.Value).Wait);
    }

    [Theory]
    [InlineData(100, 200)]
    [InlineData(100, 20)]
    [InlineData(60, 10)]
    [InlineData(600, 10)]
    [InlineData(1, 1)]
    [InlineData(100, 1)]
    public void No_ten_minutes_see_more_than_their_cap_and_no_day_more_than_its_hours(int perHour, int perTenMinutes)
    {
        var budget = new SubmissionBudget(perHour, perTenMinutes);
        var taken = TakenAsFastAsPossible(budget, TimeSpan.FromHours(24));
        foreach (var first in taken)
            Assert.InRange(taken.Count(at => at >= first && at < first + TimeSpan.FromMinutes(10)), 1, perTenMinutes);
        Assert.InRange(taken.Count, 1, 24 * perHour + perTenMinutes);
    }

    [Fact]
    public void After_the_burst_the_hourly_rate_is_all_used()
    {
        var taken = TakenAsFastAsPossible(Public, TimeSpan.FromHours(24));
        Assert.InRange(taken.Count, 24 * 100 + 180, 24 * 100 + 200);
        Assert.InRange(taken.Count(at => at >= Start + TimeSpan.FromHours(5) && at < Start + TimeSpan.FromHours(6)), 99, 101);
    }

    private static List<DateTimeOffset> TakenAsFastAsPossible(SubmissionBudget budget, TimeSpan during)
    {
        var (state, now, taken) = (budget.Full, Start, new List<DateTimeOffset>());
        while (now < Start + during)
        {
            (state, var wait) = budget.Take(state, now);
            if (wait is null) taken.Add(now);
            else now += wait.Value;
        }
        return taken;
    }
}
