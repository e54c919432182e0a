using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Ledger.Api.Tenancy;

/// <summary>Judges the tokens of one issuer: finds the key before JwtBearer checks the signature, because finding may take asking the
/// issuer; and writes <see cref="LedgerClaims"/> once the token is believed.</summary>
internal static class TokenAuthentication
{
    private static readonly object Unavailable = new();

    public static void Configure(JwtBearerOptions options, IssuerOptions issuer, IssuerKeys keys, TimeProvider time)
    {
        options.MapInboundClaims = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new JsonWebTokenHandler { MapInboundClaims = false, MaximumTokenSizeInBytes = BearerToken.MaxLength });
        options.TokenValidationParameters = TokenChecks.Parameters(issuer, keys, time);
        var algorithms = issuer.AllowedAlgorithms;
        var roles = issuer.AllowedRoles;
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = message => ReadAsync(message, issuer, algorithms, keys),
            OnTokenValidated = validated =>
            {
                var identity = (ClaimsIdentity)validated.Principal!.Identity!;
                if (Accept(identity, (JsonWebToken)validated.SecurityToken, issuer, roles) is { } fault) validated.Fail(fault);
                return Task.CompletedTask;
            },
        };
    }

    /// <summary>The request's token could not be judged, because its issuer cannot be asked.</summary>
    public static bool WasUnavailable(HttpContext context) => context.Items.ContainsKey(Unavailable);

    /// <summary>What can be refused without a key is refused first: it costs no question to the issuer.</summary>
    private static async Task ReadAsync(
        MessageReceivedContext message, IssuerOptions issuer, IReadOnlySet<string> algorithms, IssuerKeys keys)
    {
        if (message.Request.Headers.Authorization.Count == 0) return;
        if (BearerToken.Of(message.HttpContext) is not { } token)
        {
            message.Fail("There is not exactly one bearer token that names its issuer and key.");
            return;
        }
        if (token.Issuer != issuer.Issuer || !algorithms.Contains(token.Algorithm))
        {
            message.Fail("The token is of another issuer, or signed in a way that is not taken.");
            return;
        }
        switch (await keys.FindAsync(token.KeyId, message.HttpContext.RequestAborted))
        {
            case KeyAnswer.Known:
                message.Token = token.Text;
                break;
            case KeyAnswer.Unknown:
                message.Fail("The issuer has no such key.");
                break;
            default:
                message.HttpContext.Items[Unavailable] = true;
                message.Fail("The issuer cannot be asked for its keys.");
                break;
        }
    }

    private static string? Accept(ClaimsIdentity identity, JsonWebToken token, IssuerOptions issuer, IReadOnlySet<string> roles)
    {
        LedgerClaims.RemoveFrom(identity);
        TenantClaim.Check(identity, token);
        if (TokenChecks.Fault(identity, issuer) is { } fault) return fault;
        if (TokenPrincipal.Of(identity, issuer.EffectiveName) is not { } principal) return "The token names nobody.";
        identity.AddClaim(new Claim(LedgerClaims.Principal, principal));
        Roles.TakeFrom(identity, roles);
        return null;
    }
}
