using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Ledger.Core.Problems;
using Ledger.Verify;

namespace Ledger.Core.Entries;

/// <summary>The payload of an append: decoded, hashed and forgotten.</summary>
/// <remarks>Raw: <c>"SGVsbG8gV29ybGQ="</c>, standard base64 with padding (RFC 4648 §4), no blanks, unused bits zero.</remarks>
internal static class PayloadField
{
    private const int MostCharacters = (AppendLimits.PayloadBytes + 2) / 3 * 4;

    public static Digest Hash(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType == JsonTokenType.Null)
            throw new LedgerProblemException(ProblemTypes.MissingField, "'payload' is required.", field);
        if (reader.TokenType != JsonTokenType.String)
            throw new LedgerProblemException(ProblemTypes.InvalidField, "'payload' must be a string.", field);
        if (!reader.ValueIsEscaped) return Hash(reader.ValueSpan, field);

        var unescaped = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try { return Hash(unescaped.AsSpan(0, reader.CopyString(unescaped)), field); }
        catch (InvalidOperationException) { throw Refused(field); }
        finally { ArrayPool<byte>.Shared.Return(unescaped, clearArray: true); }
    }

    private static Digest Hash(ReadOnlySpan<byte> encoded, string field)
    {
        if (encoded.IsEmpty) throw new LedgerProblemException(ProblemTypes.InvalidField, "'payload' must not be empty.", field);
        if (encoded.Length > MostCharacters) throw TooLarge(field);

        var decoded = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(encoded.Length));
        try
        {
            if (Base64.DecodeFromUtf8(encoded, decoded, out var consumed, out var written) != OperationStatus.Done
                || consumed != encoded.Length
                || !IsCanonical(encoded, decoded.AsSpan(0, written)))
                throw Refused(field);
            if (written > AppendLimits.PayloadBytes) throw TooLarge(field);
            return Digest.Sha256(decoded.AsSpan(0, written));
        }
        finally { ArrayPool<byte>.Shared.Return(decoded, clearArray: true); }
    }

    // The decoder skips blanks and drops unused bits: the right length and the same last quantum mean there were none.
    private static bool IsCanonical(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> decoded)
    {
        if (encoded.Length != (decoded.Length + 2) / 3 * 4) return false;
        Span<byte> last = stackalloc byte[4];
        Base64.EncodeToUtf8(decoded[((decoded.Length - 1) / 3 * 3)..], last, out _, out _);
        return last.SequenceEqual(encoded[^4..]);
    }

    private static LedgerProblemException Refused(string field) =>
        new(ProblemTypes.InvalidBase64, "'payload' must be standard base64 with padding.", field);

    private static LedgerProblemException TooLarge(string field) =>
        new(ProblemTypes.PayloadTooLarge, $"'payload' may decode to at most {AppendLimits.PayloadBytes} bytes.", field);
}
