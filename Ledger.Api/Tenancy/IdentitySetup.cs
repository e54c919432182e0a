using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Api.Tenancy;

/// <summary>Bearer tokens of the configured issuers (RFC 9068 style JWTs), and the policies over them.</summary>
internal static class IdentitySetup
{
    private const string ByIssuer = "by-issuer";

    /// <summary>The scheme that knows API keys, and how they begin.</summary>
    private const string ApiKeyScheme = "api-key", ApiKeyPrefix = "Bearer lgk_";

    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        var identity = new IdentityOptions();
        builder.Configuration.GetSection(IdentityOptions.Section).Bind(identity);
        if (identity.Fault() is { } fault) throw new Operations.ConfigurationFault(fault);

        var authentication = builder.Services.AddAuthentication(ByIssuer)
            .AddPolicyScheme(ByIssuer, null, scheme => scheme.ForwardDefaultSelector = Select);
        foreach (var issuer in identity.Issuers) authentication.AddJwtBearer(issuer.Issuer, options => Configure(options, issuer));

        builder.Services.AddAuthorization(Policies.Add);
        builder.Services.AddSingleton<KnownLogs>();
        builder.Services.AddSingleton<StandingGate>();
        builder.Services.AddSingleton<IAuthorizationHandler>(services => services.GetRequiredService<StandingGate>());
        builder.Services.AddSingleton<IAuthorizationHandler, OperatorPermissionHandler>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationProblems>();
        return builder;

        string Select(HttpContext context)
        {
            var authorization = context.Request.Headers.Authorization.ToString();
            if (authorization.StartsWith(ApiKeyPrefix, StringComparison.OrdinalIgnoreCase) && Knows(context, ApiKeyScheme)) return ApiKeyScheme;
            var claimed = ClaimedIssuer(authorization);
            return identity.Issuers.FirstOrDefault(issuer => issuer.Issuer == claimed)?.Issuer ?? identity.Issuers[0].Issuer;
        }
    }

    private static bool Knows(HttpContext context, string scheme) =>
        context.RequestServices.GetRequiredService<IOptions<AuthenticationOptions>>().Value.SchemeMap.ContainsKey(scheme);

    private static void Configure(JwtBearerOptions options, IssuerOptions issuer)
    {
        options.MetadataAddress = issuer.Metadata.AbsoluteUri;
        options.RequireHttpsMetadata = !issuer.Metadata.IsLoopback;
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = issuer.Issuer,
            ValidAudience = issuer.Audience,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            TryAllIssuerSigningKeys = false, // a token says which key made it
            ClockSkew = TimeSpan.FromSeconds(30),
            NameClaimType = "sub",
            RoleClaimType = LedgerClaims.Role,
        };
        var allowed = issuer.AllowedRoles;
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = validated =>
            {
                var identity = (ClaimsIdentity)validated.Principal!.Identity!;
                LedgerClaims.RemoveFrom(identity);
                Roles.TakeFrom(identity, allowed);
                if (TokenPrincipal.Of(identity, issuer.EffectiveName) is { } principal)
                    identity.AddClaim(new Claim(LedgerClaims.Principal, principal));
                else validated.Fail("The token names nobody.");
                return Task.CompletedTask;
            },
            OnAuthenticationFailed = IssuerKeys.NoteFailureAsync,
        };
    }

    /// <summary>Only chooses whose keys to check with: a lie here fails at the signature.</summary>
    private static string? ClaimedIssuer(string authorization)
    {
        if (!authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return null;
        try
        {
            return new JsonWebToken(authorization["Bearer ".Length..].Trim()).Issuer;
        }
        catch (ArgumentException)
        {
            return null; // not a token at all: any scheme will refuse it
        }
    }
}
