using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Core.Tests;

public sealed class ConfigurationPlaceholderTests
{
    [Theory]
    [InlineData("People:ClientSecret", "${LEDGER_WORKERS_SECRET}", "${LEDGER_WORKERS_SECRET}")]
    [InlineData("Identity:Issuers:0:Issuer", "https://${HOST:}/realms/ledger", "${HOST:}")]
    [InlineData("ConnectionStrings:ledger", "Host=db;Password=${DB_PASSWORD}", "${DB_PASSWORD}")]
    public void A_setting_that_was_not_filled_in_is_a_fault_that_shows_the_placeholder_alone(string key, string value, string shown) =>
        Assert.Equal([$"{key} still reads {shown}: what it stands for is not set."], Faults(key, value));

    [Theory]
    [InlineData("People:ClientSecret", "a$b{c}")]
    [InlineData("People:ClientSecret", "${not a name}")]
    [InlineData("Elsewhere:Prompt", "${PWD}")]
    public void What_only_looks_like_one_or_is_not_ours_is_none(string key, string value) => Assert.Empty(Faults(key, value));

    private static IReadOnlyList<string> Faults(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).BuildServiceProvider();
        return ConfigurationFaults.Find(services);
    }
}
