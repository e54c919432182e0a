using System.Buffers;

namespace Ledger.Verify;

/// <summary>
/// Standard base64 (RFC 4648  4) with padding, in its one canonical spelling: no white space, and the unused bits of the last character are
/// zero.
/// Otherwise one signature would have several spellings and a document several byte forms.
/// </summary>
// Example: "3q2+7w==" is DE AD BE EF; "3q2+7x==" decodes to the same bytes elsewhere and is refused here.
public static class CanonicalBase64
{
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 4 != 0) return false;
        var decoded = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(text, decoded, out var length)) return false;
        Array.Resize(ref decoded, length);
        if (!IsCanonical(text, decoded)) return false;
        bytes = decoded;
        return true;
    }

    /// <summary>Decodes exactly 32 bytes.</summary>
    public static bool TryDecodeDigest(ReadOnlySpan<char> text, out Digest digest)
    {
        digest = default;
        if (text.Length != 44 || !TryDecode(text, out var bytes) || bytes.Length != Digest.Size) return false;
        digest = new Digest(bytes);
        return true;
    }

    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes);

    private static bool IsCanonical(ReadOnlySpan<char> text, byte[] decoded)
    {
        var again = ArrayPool<char>.Shared.Rent(text.Length + 4);
        try
        {
            return Convert.TryToBase64Chars(decoded, again, out var length) && text.SequenceEqual(again.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(again);
        }
    }
}
