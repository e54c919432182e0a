using System.Security.Cryptography;
using System.Text.Json;

namespace Ledger.Core.Identity;

/// <summary>The keys of an issuer's JSON Web Key Set (RFC 7517) that tokens may be signed with, by their <c>kid</c>. Shape:
/// <c>{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"OnBg…","n":"sa-_…","e":"AQAB"},
/// {"kty":"EC","use":"sig","alg":"ES256","kid":"9f1c…","crv":"P-256","x":"…","y":"…"}]}</c>.
/// Certificates and addresses beside a key (x5c, x5u) are not read.</summary>
public sealed class IssuerKeySet
{
    /// <summary>Bytes of a document, and keys in it: Keycloak's has two keys in 3 KiB.</summary>
    public const int MaxBytes = 256 * 1024, MaxKeys = 100;

    /// <summary>Characters of a <c>kid</c>.</summary>
    public const int MaxKeyId = 255;

    private const int MinRsaBits = 2048, MaxRsaBits = 8192;

    private readonly ILookup<string, IssuerKey> keys;

    private IssuerKeySet(IEnumerable<IssuerKey> keys) => this.keys = keys.ToLookup(key => key.Id, StringComparer.Ordinal);

    public IEnumerable<IssuerKey> All => keys.SelectMany(key => key);

    public bool Contains(string keyId) => keys.Contains(keyId);

    /// <summary>One, or one of each kind (RFC 7517 §4.5); none where the issuer has no such key.</summary>
    public IEnumerable<IssuerKey> Of(string keyId) => keys[keyId];

    /// <summary>Takes the keys that it understands and leaves the others.</summary>
    /// <exception cref="JsonException">No JSON.</exception>
    /// <exception cref="InvalidDataException">No key set, one with too many keys, or none that could check a token.</exception>
    public static IssuerKeySet Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxBytes) throw new InvalidDataException($"The key set has more than {MaxBytes} bytes.");
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var list)
            || list.ValueKind != JsonValueKind.Array) throw new InvalidDataException("The key set is no object with a list of keys.");
        if (list.GetArrayLength() > MaxKeys) throw new InvalidDataException($"The key set has more than {MaxKeys} keys.");
        var usable = list.EnumerateArray().Select(Read).OfType<IssuerKey>().ToList();
        return usable.Count > 0 ? new IssuerKeySet(usable)
            : throw new InvalidDataException("The key set has no signature key that is RSA of 2048 bits or more, or EC P-256.");
    }

    private static IssuerKey? Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || Text(jwk, "kid") is not { Length: > 0 and <= MaxKeyId } keyId) return null;
        if (jwk.TryGetProperty("use", out _) && Text(jwk, "use") != "sig") return null;
        var (type, algorithm) = (Text(jwk, "kty"), Text(jwk, "alg"));
        try
        {
            return (type, algorithm) switch
            {
                ("RSA", null or "RS256") => Rsa(jwk, keyId),
                ("EC", null or "ES256") when Text(jwk, "crv") == "P-256" => Ec(jwk, keyId),
                _ => null,
            };
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null; // not a key after all
        }
    }

    private static RsaIssuerKey? Rsa(JsonElement jwk, string keyId)
    {
        var (modulus, exponent) = (Bytes(jwk, "n").AsSpan().TrimStart((byte)0).ToArray(), Bytes(jwk, "e"));
        if (modulus.Length == 0 || exponent.Length is 0 or > 8) return null;
        var bits = (modulus.Length * 8) - System.Numerics.BitOperations.LeadingZeroCount((uint)modulus[0] << 24);
        if (bits is < MinRsaBits or > MaxRsaBits) return null;
        return new RsaIssuerKey(keyId, new RSAParameters { Modulus = modulus, Exponent = exponent });
    }

    private static EcIssuerKey Ec(JsonElement jwk, string keyId)
    {
        var point = new ECPoint { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") };
        var key = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point };
        ECDsa.Create(key).Dispose(); // throws where the point is none of the curve
        return new EcIssuerKey(keyId, key);
    }

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static byte[] Bytes(JsonElement jwk, string name) => System.Buffers.Text.Base64Url.DecodeFromChars(Text(jwk, name));
}
