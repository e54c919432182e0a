using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Emulators.Rekor1.Proposals;

/// <summary>
/// hashedrekord 0.0.1: a signature over a digest.
/// <code>{"data":{"hash":{"algorithm":"sha256","value":hex}},"signature":{"content":base64,"publicKey":{"content":base64 of PEM}}}</code>
/// </summary>
internal static class HashedRekord
{
    /// <exception cref="Refused">Of a wrong shape, or the signature does not verify.</exception>
    public static CanonicalEntry Read(JsonElement spec)
    {
        var signature = Field.Object(spec, "signature");
        var content = Field.Bytes(signature, "content", "signature content");
        var keyObject = Field.Object(signature, "publicKey");
        var pem = Field.Bytes(keyObject, "content", "public key content");
        var hash = Field.Object(Field.Object(spec, "data"), "hash");
        var (algorithm, value) = (Field.Text(hash, "algorithm"), Field.Text(hash, "value"));
        var faults = ShapeFaults(hash, algorithm, value, signature).ToArray();
        if (faults.Length > 0)
            throw Refused.Shape(faults);
        if (keyObject is null)
            throw new Refused("missing public key");
        var verifier = Verifier.Parse(pem ?? []);
        Check(algorithm!, value!, content ?? [], verifier.Key);

        var logged = new JsonObject
        {
            ["data"] = new JsonObject { ["hash"] = CanonicalEntry.Hash(algorithm!, value!) },
            ["signature"] = new JsonObject
            {
                ["content"] = Convert.ToBase64String(content!),
                ["publicKey"] = new JsonObject { ["content"] = verifier.Base64 },
            },
        };
        return CanonicalEntry.Of("hashedrekord", logged, [verifier.Hash, .. verifier.Emails, $"{algorithm}:{value}".ToLowerInvariant()]);
    }

    private static IEnumerable<string> ShapeFaults(JsonElement? hash, string? algorithm, string? value, JsonElement? signature)
    {
        const string at = "data.data.hash.data.hash.";
        if (hash is null)
            yield return "data in body is required";
        else if (algorithm is null)
            yield return at + "algorithm in body is required";
        else if (algorithm is not ("sha256" or "sha384" or "sha512"))
            yield return at + "algorithm in body should be one of [sha256 sha384 sha512]";
        else if (value is null)
            yield return at + "value in body is required";
        if (signature is null)
            yield return "signature in body is required";
    }

    private static void Check(string algorithm, string value, byte[] signature, SubjectKey key)
    {
        var (hash, length) = algorithm switch
        {
            "sha256" => (HashAlgorithmName.SHA256, 32),
            "sha384" => (HashAlgorithmName.SHA384, 48),
            _ => (HashAlgorithmName.SHA512, 64),
        };
        if (value.Length != 2 * length)
            throw new Refused("invalid value for hash");
        if (value.FirstOrDefault(c => !char.IsAsciiHexDigit(c)) is var strange and not '\0')
            throw new Refused($"encoding/hex: invalid byte: U+{(int)strange:X4} '{strange}'");
        if (signature.Length == 0)
            throw new Refused("verifying signature: X509 signature has not been initialized");
        if (key.Kind == KeyKind.Ed25519 && algorithm != "sha512")
            throw new Refused(
                $"verifying signature: unsupported hash algorithm: \"{algorithm.ToUpperInvariant().Insert(3, "-")}\" not in [SHA-512]");
        if (SignatureFault.Of(key, k => k.VerifyDigest(Convert.FromHexString(value), signature, hash), signature) is { } fault)
            throw new Refused("verifying signature: " + fault);
        var isAllowed = key.Kind switch
        {
            KeyKind.EcdsaP256 => algorithm == "sha256",
            KeyKind.EcdsaP384 => algorithm == "sha384",
            KeyKind.EcdsaP521 => algorithm == "sha512",
            KeyKind.Rsa => algorithm == "sha256" && key.Bits is 2048 or 3072 or 4096,
            _ => true,
        };
        if (!isAllowed)
            throw new Refused("entry algorithms are not allowed");
    }
}
