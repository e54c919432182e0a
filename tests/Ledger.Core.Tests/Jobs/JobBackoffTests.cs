using Ledger.Core.Jobs;

namespace Ledger.Core.Tests.Jobs;

public sealed class JobBackoffTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(int.MaxValue, 60)]
    public void A_pause_doubles_up_to_a_minute(int attempts, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new JobBackoff(new Dice(1)).Next(attempts));

    [Theory]
    [InlineData(3, 4)]
    [InlineData(5, 15)]
    [InlineData(100, 15)]
    public void After_an_outage_nobody_waits_longer_than_a_quarter_of_a_minute(int attempts, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new JobBackoff(new Dice(1)).Next(attempts, longest: JobLimits.LongestOutagePause));

    [Fact]
    public void A_pause_is_spread_over_its_second_half() =>
        Assert.Equal([TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(45)],
            new[] { 0, 0.5 }.Select(face => new JobBackoff(new Dice(face)).Next(100)));

    [Theory]
    [InlineData(1, 1)] // less than the pause is nothing new
    [InlineData(20, 20.5)]
    [InlineData(86_400, 3600)]
    public void Retry_after_is_not_undercut_and_no_longer_than_an_hour(double asked, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new JobBackoff(new Dice(1)).Next(1, TimeSpan.FromSeconds(asked)));
}
