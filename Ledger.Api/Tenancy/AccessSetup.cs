using Ledger.Core;

namespace Ledger.Api.Tenancy;

/// <summary>From where and how often the ledger is asked.</summary>
internal static class AccessSetup
{
    public static WebApplicationBuilder AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddChecked<SecurityOptions>(SecurityOptions.Section).Configure<IConfiguration>((options, all) =>
        {
            var section = all.GetSection(SecurityOptions.Section);
            Spread(section, nameof(SecurityOptions.AdminAllowedCidrs), options.AdminAllowedCidrs);
            Spread(section, nameof(SecurityOptions.TrustedProxies), options.TrustedProxies);
            Spread(section, nameof(SecurityOptions.SensitiveExemptClients), options.SensitiveExemptClients);
        });
        builder.Services.AddChecked<RateLimitOptions>(RateLimitOptions.Section);
        builder.Services.AddSingleton<ClientAddresses>();
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton(_ => new AcceptedTokens());
        builder.Services.AddSingleton<TokenGate>();
        return builder;
    }

    /// <summary>Before authentication.</summary>
    public static void UseAdminNetwork(this WebApplication app) => app.UseMiddleware<AdminNetwork>();

    /// <summary>Before authentication, which costs a look-up or a signature check.</summary>
    public static void UseTokenLimits(this WebApplication app) => app.UseMiddleware<TokenLimiting>();

    /// <summary>After authentication, which says whose requests to count, and before authorization.</summary>
    public static void UseRateLimits(this WebApplication app) => app.UseMiddleware<RateLimiting>();

    /// <summary>One variable may hold a whole list, <c>10.0.0.0/8,fd00::/8</c>: unread it would silently be the default.</summary>
    private static void Spread(IConfigurationSection section, string name, IList<string> list)
    {
        foreach (var item in (section[name] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            list.Add(item);
    }
}
