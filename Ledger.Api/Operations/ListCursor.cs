using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Operations;

/// <summary>Where a page ended: opaque, authenticated, good for the one list that it was made for.</summary>
/// <remarks>Raw: base64url of the first 16 bytes of HMAC-SHA-256 over the list's name, LF and the place, then the place itself.</remarks>
internal sealed class ListCursor(LedgerDatabase database)
{
    private const int TagBytes = 16;
    private const int MostCharacters = 512;

    private byte[]? secret;

    /// <param name="list">What the cursor is good for: list, tenant, epoch and every filter, no two lists alike.</param>
    /// <param name="place">Not secret.</param>
    public async ValueTask<string> WriteAsync(string list, string place, CancellationToken cancel)
    {
        var bytes = Encoding.UTF8.GetBytes(place);
        return Base64Url.EncodeToString([.. Tag(await SecretAsync(cancel), list, bytes), .. bytes]);
    }

    /// <exception cref="LedgerProblemException">invalid-cursor.</exception>
    public async ValueTask<string> ReadAsync(string list, string text, CancellationToken cancel)
    {
        var key = await SecretAsync(cancel);
        if (text.Length > MostCharacters || !Base64Url.IsValid(text)) throw Invalid();
        var cursor = Base64Url.DecodeFromChars(text);
        if (cursor.Length < TagBytes || Base64Url.EncodeToString(cursor) != text) throw Invalid(); // one spelling
        var place = cursor.AsSpan(TagBytes);
        return CryptographicOperations.FixedTimeEquals(Tag(key, list, place), cursor.AsSpan(0, TagBytes))
            ? Encoding.UTF8.GetString(place) : throw Invalid();
    }

    private static ReadOnlySpan<byte> Tag(byte[] secret, string list, ReadOnlySpan<byte> place) =>
        HMACSHA256.HashData(secret, (byte[])[.. Encoding.UTF8.GetBytes(list), (byte)'\n', .. place]).AsSpan(0, TagBytes);

    private async ValueTask<byte[]> SecretAsync(CancellationToken cancel)
    {
        if (secret is not null) return secret;
        await using var transaction = await database.BeginAsServiceAsync(cancel);
        await using var reader = await transaction.QueryAsync("SELECT secret FROM cursor_keys WHERE id = 1", cancel);
        await reader.ReadAsync(cancel);
        return secret = reader.GetFieldValue<byte[]>(0);
    }

    private static LedgerProblemException Invalid() => new(ProblemTypes.InvalidCursor, "The cursor was not made for this list.", "cursor");
}
