using System.Globalization;
using System.Text.Json;
using Ledger.Verify;
using Ledger.Verify.Json;

namespace Ledger.Core.Anchoring;

/// <summary>Reads members of a server's JSON answer by name and type. What two readers could read in two ways is refused; a member that we
/// do not know is passed over, so that a newer server still serves.</summary>
internal static class AnswerJson
{
    private static readonly JsonLimits Caps = new(LogLimits.AnswerDepth, LogLimits.AnswerBytes);

    /// <exception cref="LogException">Network: not JSON, so not the log's (a proxy's page, or an answer cut short). Log: JSON that is
    /// ambiguous, such as a name twice.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> answer)
    {
        // Everything that the BCL's reader is lenient about, or answers with an exception later on, is settled before it sees the bytes.
        if (!Jcs.TryCanonicalize(answer, Caps, out _, out var failure))
            throw failure is JsonFailure.Malformed or JsonFailure.TrailingData or JsonFailure.InvalidUtf8
                ? new LogException(LogFailureClass.Network, "the answer is not JSON")
                : Wrong($"is refused as JSON: {failure}");
        return JsonElement.Parse(answer, new JsonDocumentOptions { MaxDepth = LogLimits.AnswerDepth + 1 });
    }

    public static LogException Wrong(string what) => new(LogFailureClass.Log, $"the log's answer: {what}");

    public static JsonElement Child(this JsonElement from, string name) => from.Member(name, JsonValueKind.Object);

    public static JsonElement.ArrayEnumerator Items(this JsonElement from, string name) =>
        from.Member(name, JsonValueKind.Array).EnumerateArray();

    public static string Text(this JsonElement from, string name) => from.Member(name, JsonValueKind.String).GetString()!;

    /// <summary>0…2^53−1.</summary>
    public static long Number(this JsonElement from, string name) =>
        from.Member(name, JsonValueKind.Number).TryGetInt64(out var value) && value is >= 0 and <= Limits.MaxSafeInteger ? value
            : throw Wrong($"{name} is not an integer of 0…2^53−1");

    /// <summary>As protobuf writes 64 bits: decimal digits in a string; nothing for 0.</summary>
    public static long NumberText(this JsonElement from, string name) =>
        !from.Has(name) ? 0
        : long.TryParse(from.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= Limits.MaxSafeInteger ? value
        : throw Wrong($"{name} is not the digits of 0…2^53−1");

    public static byte[] Base64(this JsonElement from, string name) =>
        CanonicalBase64.TryDecode(from.Text(name), out var bytes) ? bytes : throw Wrong($"{name} is not base64");

    public static Digest Hex(this JsonElement from, string name) =>
        Digest.TryParseHex(from.Text(name), out var digest) ? digest : throw Wrong($"{name} is not 64 hex digits");

    public static Digest Base64Digest(this JsonElement from, string name) =>
        CanonicalBase64.TryDecodeDigest(from.Text(name), out var digest) ? digest : throw Wrong($"{name} is not base64 of 32 bytes");

    /// <summary>Whether it is there and not null.</summary>
    public static bool Has(this JsonElement from, string name) => from.ValueKind == JsonValueKind.Object
        && from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static JsonElement Member(this JsonElement from, string name, JsonValueKind kind) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == kind ? value
            : throw Wrong($"{name} is missing or of another type");
}
