using Ledger.Api.ApiKeys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Tenancy;

/// <summary>Bearer tokens of the configured issuers (RFC 9068 style JWTs), and the policies over them.</summary>
internal static class IdentitySetup
{
    private const string ByIssuer = "by-issuer";

    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        var identity = new IdentityOptions();
        builder.Configuration.GetSection(IdentityOptions.Section).Bind(identity);
        identity.SettleNames();
        if (identity.Fault() is { } fault) throw new Operations.ConfigurationFault(fault);

        var authentication = builder.Services.AddAuthentication(ByIssuer)
            .AddPolicyScheme(ByIssuer, null, scheme => scheme.ForwardDefaultSelector = context => SchemeFor(context, identity.Issuers))
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyAuthentication.Scheme, null);
        foreach (var issuer in identity.Issuers)
        {
            authentication.AddJwtBearer(issuer.Issuer, null, _ => { });
            builder.Services.AddKeyedSingleton(issuer.Issuer, (_, _) => new IssuerKeyFetch(issuer));
            builder.Services.AddKeyedSingleton(issuer.Issuer, (services, _) => KeysOf(issuer, services));
            builder.Services.AddOptions<JwtBearerOptions>(issuer.Issuer).Configure<IServiceProvider>((options, services) =>
                TokenAuthentication.Configure(options, issuer, services.GetRequiredKeyedService<IssuerKeys>(issuer.Issuer),
                    services.GetRequiredService<TimeProvider>()));
        }

        builder.Services.AddSingleton<IdentityMetrics>();
        builder.Services.AddAuthorization(Policies.Add);
        builder.Services.AddSingleton<KnownLogs>();
        builder.Services.AddSingleton<StandingGate>();
        builder.Services.AddSingleton<IAuthorizationHandler>(services => services.GetRequiredService<StandingGate>());
        builder.Services.AddSingleton<IAuthorizationHandler, OperatorPermissionHandler>();
        builder.Services.AddSingleton<IAuthorizationHandler, FreshSignInHandler>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationProblems>();
        return builder;
    }

    private static IssuerKeys KeysOf(IssuerOptions issuer, IServiceProvider services)
    {
        var keys = new IssuerKeys(issuer, services.GetRequiredKeyedService<IssuerKeyFetch>(issuer.Issuer).FetchAsync,
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<IssuerKeys>>());
        services.GetRequiredService<IdentityMetrics>().Watch(issuer.EffectiveName, () => keys.State);
        return keys;
    }

    /// <summary>Only chooses whose keys to check with: a lie here fails at the signature. Whatever is nobody's is refused by the
    /// first.</summary>
    private static string SchemeFor(HttpContext context, IList<IssuerOptions> issuers)
    {
        const string keyStart = "Bearer " + ApiKeyAuthentication.TokenStart;
        if (context.Request.Headers.Authorization is [{ } value] && value.StartsWith(keyStart, StringComparison.OrdinalIgnoreCase))
            return ApiKeyAuthentication.Scheme;
        var claimed = BearerToken.Of(context)?.Issuer;
        return (issuers.FirstOrDefault(issuer => issuer.Issuer == claimed) ?? issuers[0]).Issuer;
    }
}
