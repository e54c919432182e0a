using System.Security.Cryptography;

namespace Ledger.Core.Entries;

/// <summary>A caller's Idempotency-Key with what it covers: the scope (tenant, principal, route, key) and the exact body.</summary>
public sealed record IdempotencyClaim(string Principal, string Route, string Key, ReadOnlyMemory<byte> Body)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>1 to 255 visible ASCII characters.</summary>
    public static bool IsKey(string key) =>
        key.Length is >= 1 and <= AppendLimits.IdempotencyKeyCharacters && !key.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>SHA-256(salt ‖ raw body): tells equal bodies without keeping one.</summary>
    public byte[] Fingerprint(ReadOnlySpan<byte> salt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(Body.Span);
        return hash.GetHashAndReset();
    }
}
