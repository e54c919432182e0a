using System.Text.Json;
using Ledger.Core.Identity;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Ledger.Api.Tenancy;

/// <summary>What a request shows as its token, read but not believed: it says which key would have to have signed it. Shape:
/// <c>Authorization: Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6Ik9uQmcifQ.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUuY29tIn0.c2ln</c> (RFC 6750 §2.1,
/// RFC 7515 §3.1). The header's own keys and addresses (jwk, jku, x5c, x5u) are never looked at.</summary>
internal sealed record BearerToken(string Text, string Issuer, string Algorithm, string KeyId)
{
    /// <summary>Characters; Keycloak's have about 1 500.</summary>
    public const int MaxLength = 16 * 1024;

    private static readonly object Place = new();

    /// <summary>The request's one token, read once; null where there is none or it cannot be one.</summary>
    public static BearerToken? Of(HttpContext context)
    {
        if (context.Items.TryGetValue(Place, out var known)) return (BearerToken?)known;
        var token = context.Request.Headers.Authorization is [{ } value] ? Read(value) : null; // two of them would be read as one by some
        context.Items[Place] = token;
        return token;
    }

    internal static BearerToken? Read(string authorization)
    {
        const string scheme = "Bearer ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var text = authorization[scheme.Length..].Trim();
        // Three parts: an encrypted token (five, RFC 7516) cannot be ours.
        if (text.Length > MaxLength || text.AsSpan().Count('.') != 2) return null;
        try
        {
            var token = new JsonWebToken(text);
            // RFC 7515 §4.1.11: what a header calls critical and the reader does not know makes the token invalid. Nothing is known here.
            if (token.TryGetHeaderValue<JsonElement>("crit", out _)) return null;
            return token is { Issuer.Length: > 0, Alg.Length: > 0, Kid.Length: > 0 and <= IssuerKeySet.MaxKeyId }
                ? new BearerToken(text, token.Issuer, token.Alg, token.Kid) : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or JsonException or InvalidOperationException)
        {
            return null; // not a token at all
        }
    }
}
