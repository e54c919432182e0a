using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.Workers.Tenancy;

/// <summary>
/// The keys of a JWKS that the API would take a signature of. https://www.rfc-editor.org/rfc/rfc7517
/// <code>{"keys":[{"kid":"…","kty":"RSA","alg":"RS256","use":"sig","n":"…","e":"AQAB"}]}</code>
/// </summary>
internal sealed class RealmKeys
{
    private const int SmallestRsa = 2048;

    private readonly Dictionary<string, JsonObject> _byId = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Ids => _byId.Keys;

    public static RealmKeys Of(JsonObject jwks)
    {
        var keys = new RealmKeys();
        foreach (var key in (jwks["keys"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (Text(key, "kid") is { Length: > 0 } id && Text(key, "use") is "sig" or null && IsUsable(key)) keys._byId[id] = key;
        }
        return keys;
    }

    /// <summary>Whether one of the keys signed a token, by the algorithm it is for.</summary>
    public bool Signed(RealmToken token)
    {
        if (token.KeyId is null || !_byId.TryGetValue(token.KeyId, out var key) || token.Algorithm != AlgorithmOf(key)) return false;
        if (Text(key, "kty") == "RSA")
        {
            using var rsa = Rsa(key);
            return rsa.VerifyData(token.Signed, token.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        using var ec = Ec(key);
        return ec.VerifyData(token.Signed, token.Signature, HashAlgorithmName.SHA256);
    }

    private static bool IsUsable(JsonObject key)
    {
        try
        {
            if (AlgorithmOf(key) is null) return false;
            if (Text(key, "kty") == "EC")
            {
                using var ec = Ec(key);
                return true;
            }
            using var rsa = Rsa(key);
            return rsa.KeySize >= SmallestRsa;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }

    private static string? AlgorithmOf(JsonObject key) => (Text(key, "kty"), Text(key, "alg"), Text(key, "crv")) switch
    {
        ("RSA", "RS256" or null, _) => "RS256",
        ("EC", "ES256" or null, "P-256") => "ES256",
        _ => null,
    };

    private static RSA Rsa(JsonObject key) => RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });

    private static ECDsa Ec(JsonObject key) => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") },
    });

    private static byte[] Bytes(JsonObject key, string name) => Base64Url.DecodeFromChars(Text(key, name) ?? "") is { Length: > 0 } bytes
        ? bytes : throw new FormatException($"a key without {name}");

    private static string? Text(JsonObject key, string name) =>
        key[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <summary>A JWT taken apart, nothing of it believed.</summary>
internal sealed record RealmToken(JsonObject Header, JsonObject Claims, byte[] Signed, byte[] Signature)
{
    public string? Algorithm => (string?)Header["alg"];

    public string? KeyId => (string?)Header["kid"];

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
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
        {
            throw new RealmRefusal("the access token is no JWT", e);
        }
        throw new RealmRefusal("the access token is no JWT");
    }
}
