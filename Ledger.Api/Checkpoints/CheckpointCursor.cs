using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Checkpoints;

/// <summary>Where a page of checkpoints ended: opaque, authenticated, good for one tenant's one epoch.</summary>
/// <remarks>Raw: base64url of the last size (8 bytes, big-endian) and the first 16 bytes of HMAC-SHA-256 over list, tenant, epoch and
/// size.</remarks>
internal sealed class CheckpointCursor(LedgerDatabase database)
{
    private const int SizeBytes = 8;
    private const int TagBytes = 16;

    private byte[]? secret;

    public async ValueTask<string> WriteAsync(TenantId tenant, int epoch, long size, CancellationToken cancel)
    {
        var cursor = new byte[SizeBytes + TagBytes];
        BinaryPrimitives.WriteInt64BigEndian(cursor, size);
        Tag(await SecretAsync(cancel), tenant, epoch, size).CopyTo(cursor.AsSpan(SizeBytes));
        return Base64Url.EncodeToString(cursor);
    }

    /// <exception cref="LedgerProblemException">invalid-cursor.</exception>
    public async ValueTask<long> ReadAsync(TenantId tenant, int epoch, string text, CancellationToken cancel)
    {
        var key = await SecretAsync(cancel);
        var cursor = new byte[SizeBytes + TagBytes];
        if (text.Length != Base64Url.GetEncodedLength(cursor.Length) || !Base64Url.TryDecodeFromChars(text, cursor, out var written)
            || written != cursor.Length) throw Invalid();
        var size = BinaryPrimitives.ReadInt64BigEndian(cursor);
        return CryptographicOperations.FixedTimeEquals(Tag(key, tenant, epoch, size), cursor.AsSpan(SizeBytes))
            && Base64Url.EncodeToString(cursor) == text
            ? size : throw Invalid();
    }

    private static ReadOnlySpan<byte> Tag(byte[] secret, TenantId tenant, int epoch, long size) =>
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"checkpoints\n{tenant}\n{epoch}\n{size}\n")).AsSpan(0, TagBytes);

    private async ValueTask<byte[]> SecretAsync(CancellationToken cancel)
    {
        if (secret is not null) return secret;
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync("SELECT secret FROM cursor_keys WHERE id = 1", cancel);
        await reader.ReadAsync(cancel);
        return secret = reader.GetFieldValue<byte[]>(0);
    }

    private static LedgerProblemException Invalid() => new(ProblemTypes.InvalidCursor, "The cursor was not made for this list.", "cursor");
}
