using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Core.Jobs;

/// <summary>Where a page of dead letters ended, opaque and authenticated.</summary>
/// <remarks>Raw: base64url of microseconds since 1970 (8 bytes, big-endian), the job's id (16), and the first 16 bytes of HMAC-SHA-256
/// over "dead-letters", the queue and both.</remarks>
internal static class DeadLetterCursor
{
    private const int PositionBytes = 24;
    private const int TagBytes = 16;

    public static string Write(byte[] secret, string? queue, DateTimeOffset deadAt, Guid id)
    {
        Span<byte> cursor = stackalloc byte[PositionBytes + TagBytes];
        BinaryPrimitives.WriteInt64BigEndian(cursor, (deadAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        id.TryWriteBytes(cursor[8..], bigEndian: true, out _);
        Tag(secret, queue, cursor[..PositionBytes]).CopyTo(cursor[PositionBytes..]);
        return Base64Url.EncodeToString(cursor);
    }

    public static bool TryRead(byte[] secret, string? queue, string text, out (DateTimeOffset DeadAt, Guid Id) position)
    {
        position = default;
        Span<byte> cursor = stackalloc byte[PositionBytes + TagBytes];
        if (text.Length != Base64Url.GetEncodedLength(cursor.Length)
            || Base64Url.DecodeFromChars(text, cursor, out var read, out var written) != OperationStatus.Done
            || read != text.Length || written != cursor.Length
            || !CryptographicOperations.FixedTimeEquals(Tag(secret, queue, cursor[..PositionBytes]), cursor[PositionBytes..]))
            return false;
        position = (DateTimeOffset.UnixEpoch.AddTicks(BinaryPrimitives.ReadInt64BigEndian(cursor) * TimeSpan.TicksPerMicrosecond),
            new Guid(cursor[8..PositionBytes], bigEndian: true));
        return Base64Url.EncodeToString(cursor) == text; // one spelling
    }

    private static byte[] Tag(byte[] secret, string? queue, ReadOnlySpan<byte> position)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.UTF8.GetBytes($"dead-letters\n{queue}\n"));
        hmac.AppendData(position);
        return hmac.GetHashAndReset()[..TagBytes];
    }
}
