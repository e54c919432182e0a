namespace Ledger.Verify.Anchoring;

/// <summary>
/// Base64 as Go reads it, which is what cosign accepts in a bundle: line breaks are passed over, the unused bits of the last character may
/// be anything. What the ledger writes and what it binds is <see cref="CanonicalBase64"/>.
/// </summary>
// Example: "3q2+7x==", "3q2-7w", "3q2+\n7w==" are all DE AD BE EF in a protobuf's JSON.
internal static class LenientBase64
{
    /// <summary>
    /// A <c>bytes</c> field of protobuf JSON: either alphabet, but one of them; padded when the length is a multiple of four, else without.
    /// </summary>
    public static bool TryDecodeField(string text, out byte[] bytes)
    {
        var web = text.AsSpan().ContainsAny('-', '_');
        if (web && text.AsSpan().ContainsAny('+', '/'))
        {
            bytes = [];
            return false;
        }

        return TryDecode(web ? text.Replace('-', '+').Replace('_', '/') : text, padded: text.Length % 4 == 0, out bytes);
    }

    /// <summary>Standard alphabet with padding.</summary>
    public static bool TryDecodeStandard(string text, out byte[] bytes) => TryDecode(text, padded: true, out bytes);

    private static bool TryDecode(string text, bool padded, out byte[] bytes)
    {
        bytes = [];
        // The BCL passes over blanks and tabs as well, and reads a missing padding as an error.
        if (text.AsSpan().ContainsAny(' ', '\t') || (!padded && text.Contains('='))) return false;
        var plain = text.AsSpan().ContainsAny('\r', '\n') ? text.Replace("\r", "").Replace("\n", "") : text;
        if (!padded) plain = plain.PadRight((plain.Length + 3) / 4 * 4, '=');
        if (plain.Length % 4 != 0) return false;
        var decoded = new byte[plain.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(plain, decoded, out var length)) return false;
        bytes = decoded.Length == length ? decoded : decoded[..length];
        return true;
    }
}
