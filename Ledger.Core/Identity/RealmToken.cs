using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Core.Identity;

/// <summary>A JWT taken apart, nothing of it believed.</summary>
internal sealed record RealmToken(JsonObject Header, JsonObject Claims, byte[] Signed, byte[] Signature)
{
    public string? Algorithm => Header["alg"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public string? KeyId => Header["kid"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Whether one of the keys signed it, by the algorithm that the key is for.</summary>
    public bool IsSignedBy(IssuerKeySet keys) =>
        KeyId is not null && keys.Of(KeyId).Any(key => key.Algorithm == Algorithm && key.Verifies(Signed, Signature));

    // eyJhbGciOiJSUzI1NiIsImtpZCI6Ij…In0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUvcmVhbG1zL2xlZGdlciJ9.c2lnbmF0dXJl
    /// <exception cref="RealmRefusal">It is none.</exception>
    public static RealmToken Parse(string token)
    {
        try
        {
            if (token.Split('.') is [var header, var claims, var signature]
                && JsonNode.Parse(Base64Url.DecodeFromChars(header)) is JsonObject head
                && JsonNode.Parse(Base64Url.DecodeFromChars(claims)) is JsonObject body)
                return new RealmToken(head, body, Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new RealmRefusal("the access token is no JWT", e);
        }
        throw new RealmRefusal("the access token is no JWT");
    }
}
