using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Api.Tenancy;

/// <summary>The claim <c>tenant</c> must be one string: <c>{"sub":"434d424d…","tenant":"demo"}</c>. Among the claims of an identity a list
/// of one looks like the string itself, so the token's own JSON is asked. Of <c>sub</c> and <c>azp</c> the token's reader takes no
/// lists.</summary>
internal static class TenantClaim
{
    private const string Name = "tenant";

    /// <summary>Takes a tenant away that is not one string: such a token names none.</summary>
    public static void Check(ClaimsIdentity identity, JsonWebToken token)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        var members = payload.RootElement.EnumerateObject().Where(member => member.NameEquals(Name)).Take(2).ToList();
        if (members is [{ Value.ValueKind: JsonValueKind.String }]) return;
        foreach (var claim in identity.FindAll(Name).ToList()) identity.RemoveClaim(claim);
    }
}
