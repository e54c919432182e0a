using Ledger.Api.Tenancy;
using Ledger.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>What an operator is told before the program starts.</summary>
public sealed class AccessOptionsTests
{
    [Theory]
    [InlineData("Security:AdminAllowedCidrs:0", "10.0.0.1/8", "Security:AdminAllowedCidrs:0: '10.0.0.1/8' is no network")]
    [InlineData("Security:AdminAllowedCidrs", "10.0.0.0/8,10", "Security:AdminAllowedCidrs:1: '10' is no network")]
    [InlineData("Security:TrustedProxies:0", "proxy.internal", "Security:TrustedProxies:0: 'proxy.internal' is no network")]
    [InlineData("Security:SensitiveActionMaxAge", "00:00:00", "Security:SensitiveActionMaxAge: must be a duration above zero")]
    [InlineData("RateLimits:RequestsPerSecond", "0", "RateLimits:RequestsPerSecond: ")]
    [InlineData("RateLimits:PublicRequestsPerSecond", "-1", "RateLimits:PublicRequestsPerSecond: ")]
    [InlineData("RateLimits:NewTokensPerSecond", "0", "RateLimits:NewTokensPerSecond: ")]
    [InlineData("RateLimits:AcceptancesPerMinute", "10001", "RateLimits:AcceptancesPerMinute: ")]
    public void A_setting_that_cannot_be_read_is_a_fault_that_names_it(string name, string value, string fault)
    {
        using var services = Services((name, value));
        Assert.StartsWith(fault, Assert.Single(ConfigurationFaults.Find(services)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_variable_may_hold_a_whole_list()
    {
        using var services = Services(("Security:AdminAllowedCidrs", "10.0.0.0/8, fd00::/8"), ("Security:TrustedProxies", "192.0.2.1/32"));
        Assert.Empty(ConfigurationFaults.Find(services));
        var options = services.GetRequiredService<IOptions<SecurityOptions>>().Value;
        Assert.Equal(["10.0.0.0/8", "fd00::/8"], options.AdminNetworks.Select(network => network.ToString()));
        Assert.Equal(["192.0.2.1/32"], options.ProxyNetworks.Select(network => network.ToString()));
    }

    [Fact]
    public void Nothing_configured_is_loopback_no_proxies_and_the_documented_limits()
    {
        using var services = Services();
        Assert.Empty(ConfigurationFaults.Find(services));
        var options = services.GetRequiredService<IOptions<SecurityOptions>>().Value;
        Assert.Equal(["127.0.0.0/8", "::1/128"], options.AdminNetworks.Select(network => network.ToString()));
        Assert.Empty(options.ProxyNetworks);
        var limits = services.GetRequiredService<IOptions<RateLimitOptions>>().Value;
        Assert.Equal((1000, 200, 200, 10),
            (limits.RequestsPerSecond, limits.PublicRequestsPerSecond, limits.NewTokensPerSecond, limits.AcceptancesPerMinute));
    }

    private static ServiceProvider Services(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
        builder.AddAccess();
        return builder.Services.BuildServiceProvider();
    }
}
