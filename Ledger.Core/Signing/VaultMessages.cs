using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Verify.Signing;

namespace Ledger.Core.Signing;

/// <summary>One result of a sign batch: a version and the raw signature, or the item's own error.</summary>
public readonly record struct VaultSignature(int KeyVersion, byte[]? Signature, string? Error);

/// <summary>The JSON of Vault's transit engine.</summary>
internal static class VaultMessages
{
    /// <remarks>Raw: <c>{"batch_input":[{"input":"aGVsbG8="}]}</c>,
    /// for ECDSA with <c>"prehashed":true,"hash_algorithm":"sha2-256","marshaling_algorithm":"asn1"</c>,
    /// for another version than the newest with <c>"key_version":1</c>.</remarks>
    public static byte[] SignRequest(IReadOnlyList<byte[]> inputs, KeyPurpose purpose, int? version = null)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + inputs.Sum(i => i.Length * 4 / 3 + 24));
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        if (purpose is KeyPurpose.Anchor or KeyPurpose.Payload)
        {
            json.WriteBoolean("prehashed", true);
            json.WriteString("hash_algorithm", "sha2-256");
            json.WriteString("marshaling_algorithm", "asn1");
        }
        if (version is { } wanted) json.WriteNumber("key_version", wanted);
        json.WriteStartArray("batch_input");
        foreach (var input in inputs)
        {
            json.WriteStartObject();
            json.WriteBase64String("input", input);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <remarks>Raw:
    /// <c>{"data":{"batch_results":[{"signature":"vault:v1:MEUC…","key_version":1,"reference":""},{"error":"…"}]},…}</c></remarks>
    /// <exception cref="VaultException">Not such an answer, or not one result per input.</exception>
    public static VaultSignature[] SignAnswer(byte[] answer, int expected)
    {
        using var json = Parse(answer);
        if (!TryGet(json.RootElement, "data", out var data) || !TryGet(data, "batch_results", out var results)
            || results.ValueKind != JsonValueKind.Array
            || results.GetArrayLength() != expected)
            throw new VaultException(200, "not a sign answer with one result per input");
        return [.. results.EnumerateArray().Select(Result)];
    }

    private static VaultSignature Result(JsonElement item)
    {
        if (TryGet(item, "error", out var error) && error.ValueKind != JsonValueKind.Null && error.ToString() is { Length: > 0 } text)
            return new(0, null, text);
        // vault:v<version>:<standard base64>
        if (!TryGet(item, "signature", out var signature)
            || signature.ToString().Split(':') is not ["vault", ['v', .. var digits], var encoded]
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return new(0, null, "no signature of the form vault:vN:base64");
        try { return new(version, Convert.FromBase64String(encoded), null); }
        catch (FormatException) { return new(0, null, "a signature that is not base64"); }
    }

    /// <remarks>Raw: <c>{"data":{"type":"ed25519","keys":{"1":{"public_key":"base64 of 32 bytes",…}},…}}</c>;
    /// other types give PEM.</remarks>
    /// <exception cref="VaultException">Not such an answer.</exception>
    public static IReadOnlyDictionary<int, byte[]> KeyAnswer(byte[] answer)
    {
        using var json = Parse(answer);
        var found = new Dictionary<int, byte[]>();
        if (!TryGet(json.RootElement, "data", out var data) || !TryGet(data, "keys", out var keys)
            || keys.ValueKind != JsonValueKind.Object)
            throw new VaultException(200, "not a key answer");
        foreach (var version in keys.EnumerateObject())
        {
            if (!int.TryParse(version.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || !TryGet(version.Value, "public_key", out var publicKey)) continue;
            try { found[number] = ToSpki(publicKey.ToString()); }
            catch (Exception e) when (e is FormatException or ArgumentException or CryptographicException)
            {
                throw new VaultException(200, $"not a public key at version {number}");
            }
        }
        return found;
    }

    private static byte[] ToSpki(string publicKey)
    {
        if (!publicKey.StartsWith("-----", StringComparison.Ordinal)) return Spki.OfEd25519(Convert.FromBase64String(publicKey));
        using var key = ECDsa.Create();
        key.ImportFromPem(publicKey);
        return key.ExportSubjectPublicKeyInfo();
    }

    public static byte[] CreateKeyRequest(KeyPurpose purpose) => JsonSerializer.SerializeToUtf8Bytes(new { type = purpose.VaultType() });

    /// <summary>Vault's own words, for the log. Raw: <c>{"errors":["permission denied"]}</c></summary>
    public static string Errors(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return TryGet(json.RootElement, "errors", out var errors) && errors.ValueKind == JsonValueKind.Array
                ? string.Join("; ", errors.EnumerateArray().Select(e => e.ToString().ReplaceLineEndings(" ").Trim()))
                : "no reason given";
        }
        catch (JsonException)
        {
            return "an answer that is not JSON";
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> answer)
    {
        try { return JsonDocument.Parse(answer); }
        catch (JsonException) { throw new VaultException(200, "an answer that is not JSON"); }
    }

    private static bool TryGet(JsonElement from, string name, out JsonElement value)
    {
        value = default;
        return from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out value);
    }
}
