using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Tenancy;
using Ledger.Verify.Entries;

namespace Ledger.Core.Entries;

/// <summary>Where a page ended, opaque and authenticated: it works for the tenant and the filter that it was made for,
/// and for nothing else.</summary>
/// <remarks>Raw: base64url of epoch (4 bytes), seq (8), both big-endian,
/// and the first 16 bytes of HMAC-SHA-256 over tenant, filter and position.</remarks>
internal static class EntryCursor
{
    private const int PositionBytes = 12;
    private const int TagBytes = 16;

    public static string Write(byte[] secret, TenantId tenant, EntryFilter filter, int epoch, long seq)
    {
        Span<byte> cursor = stackalloc byte[PositionBytes + TagBytes];
        BinaryPrimitives.WriteInt32BigEndian(cursor, epoch);
        BinaryPrimitives.WriteInt64BigEndian(cursor[4..], seq);
        Tag(secret, tenant, filter, cursor[..PositionBytes]).CopyTo(cursor[PositionBytes..]);
        return Base64Url.EncodeToString(cursor);
    }

    public static bool TryRead(byte[] secret, TenantId tenant, EntryFilter filter, string text, out (int Epoch, long Seq) position)
    {
        position = default;
        Span<byte> cursor = stackalloc byte[PositionBytes + TagBytes];
        if (text.Length != Base64Url.GetEncodedLength(cursor.Length)
            || Base64Url.DecodeFromChars(text, cursor, out var read, out var written) != OperationStatus.Done
            || read != text.Length || written != cursor.Length)
            return false;
        if (!CryptographicOperations.FixedTimeEquals(Tag(secret, tenant, filter, cursor[..PositionBytes]), cursor[PositionBytes..]))
            return false;
        position = (BinaryPrimitives.ReadInt32BigEndian(cursor), BinaryPrimitives.ReadInt64BigEndian(cursor[4..]));
        return Base64Url.EncodeToString(cursor) == text; // one spelling
    }

    private static byte[] Tag(byte[] secret, TenantId tenant, EntryFilter filter, ReadOnlySpan<byte> position)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        // Lengths before the free text, so that no two filters spell the same bytes.
        var text = $"{tenant}\n{filter.Subject?.Length}\n{filter.Subject}\n{filter.PayloadHash}\n"
            + $"{Spell(filter.From)}\n{Spell(filter.To)}\n{filter.Anchored}\n";
        hmac.AppendData(Encoding.UTF8.GetBytes(text));
        hmac.AppendData(position);
        return hmac.GetHashAndReset()[..TagBytes];
    }

    private static string? Spell(DateTimeOffset? time) => time is null ? null : LedgerTime.Format(time.Value);
}
