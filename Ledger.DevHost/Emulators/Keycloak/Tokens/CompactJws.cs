using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>A token as it comes in: <c>header.claims.signature</c> (RFC 7515), its signature checked by a key of the realm.</summary>
internal static class CompactJws
{
    /// <summary>The claims of an access or id token (RS256); null: not one of this realm's.</summary>
    public static JsonObject? OfRealm(Realm realm, string token) => Read(token, (header, signed, signature)
        => header.Text("alg") == "RS256" && realm.Keys.Find(header.Text("kid") ?? "") is { } key && key.Verify(signed, signature));

    /// <summary>The claims of a refresh token or identity cookie (HS512); null: not one of this realm's.</summary>
    public static JsonObject? OfSecret(Realm realm, string token) => Read(token, (header, signed, signature)
        => header.Text("alg") == "HS512" && header.Text("kid") == realm.Keys.Refresh.Kid && realm.Keys.Refresh.Verify(signed, signature));

    private static JsonObject? Read(string token, Func<JsonObject, byte[], byte[], bool> check)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
            return null;
        try
        {
            var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0])) as JsonObject;
            var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
            return header is not null && check(header, signed, Base64Url.DecodeFromChars(parts[2]))
                ? JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])) as JsonObject
                : null;
        }
        catch (Exception fault) when (fault is FormatException or JsonException or ArgumentException)
        {
            return null;
        }
    }
}
