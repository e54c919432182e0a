using System.Security.Claims;

namespace Ledger.Api.Tenancy;

/// <summary>Names the actor of a token, for instance <c>434d424d-a209-4584-b1aa-9f90978fcbaf@ledger</c>: a subject means something only at
/// the issuer that gave it (OpenID Connect Core 1.0 §2).</summary>
internal static class TokenPrincipal
{
    /// <summary>Characters of a subject (OpenID Connect Core 1.0 §2) or of a client's name.</summary>
    public const int MaxSubject = 255;

    /// <summary><c>sub@issuer</c>, of a service account without subject <c>azp@issuer</c>. Null where the token names nobody, or where
    /// <c>sub</c> is not one short string: such a token is no one's.</summary>
    public static string? Of(ClaimsIdentity identity, string issuerName)
    {
        var subject = identity.FindAll("sub").Take(2).ToList() is { Count: > 0 } subjects ? subjects : [.. identity.FindAll("azp").Take(2)];
        return subject is [{ ValueType: ClaimValueTypes.String, Value: { Length: > 0 and <= MaxSubject } name }]
            && !name.Any(char.IsControl) ? $"{name}@{issuerName}" : null;
    }
}
