using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Api.Tenancy;

/// <summary>What must be true of a token beside its signature. docs/identity.md lists every check with its source.</summary>
internal static class TokenChecks
{
    /// <summary>By how much two clocks may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly string[] HeaderTypes = ["JWT", "at+jwt", "application/at+jwt"];

    public static TokenValidationParameters Parameters(IssuerOptions issuer, IssuerKeys keys, TimeProvider time) => new()
    {
        ValidIssuer = issuer.Issuer,
        ValidAudience = issuer.Audience,
        ValidAlgorithms = [.. issuer.AllowedAlgorithms],
        RequireSignedTokens = true,
        TryAllIssuerSigningKeys = false, // a token says which key made it
        IssuerSigningKeyResolver = (_, _, keyId, _) => keys.Of(keyId),
        LifetimeValidator = (begins, ends, _, _) => IsAlive(begins, ends, time.GetUtcNow().UtcDateTime),
        // RFC 9068 §4: an access token is said to be one. Keycloak says JWT, and the same of its other tokens: see OfAnotherKind.
        TypeValidator = (type, _, _) => type is null || HeaderTypes.Contains(type, StringComparer.OrdinalIgnoreCase) ? type ?? "JWT"
            : throw new SecurityTokenInvalidTypeException("The token is of another type."),
        NameClaimType = "sub",
        RoleClaimType = LedgerClaims.Role,
    };

    /// <summary>Why a token whose signature, issuer, audience and times are right is refused all the same; null where it is not.</summary>
    public static string? Fault(ClaimsIdentity identity, IssuerOptions issuer)
    {
        if (OfAnotherKind(identity)) return "The token is no access token.";
        // RFC 7800: whoever shows it would have to prove that they hold its key, which is not asked here.
        if (identity.HasClaim(claim => claim.Type == "cnf")) return "The token is bound to a key.";
        var client = identity.FindAll("azp").Take(2).ToList();
        if (issuer.Clients.Count > 0 && !(client is [var azp] && issuer.Clients.Contains(azp.Value)))
            return "The token was given to a client whose tokens are not taken.";
        return null;
    }

    private static bool IsAlive(DateTime? begins, DateTime? ends, DateTime now) =>
        ends is { } end && now < end + ClockSkew && (begins is not { } begin || begin <= now + ClockSkew);

    /// <summary>Keycloak tells its ID, refresh and logout tokens by the claim <c>typ</c>; an access token's is Bearer.</summary>
    private static bool OfAnotherKind(ClaimsIdentity identity) =>
        identity.FindAll(JwtRegisteredClaimNames.Typ).Any(typ => typ.Value != "Bearer");
}
