using Ledger.Core.Signing;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Verification;

/// <summary>The keys that were ever valid in a log, and where.</summary>
internal sealed class LogKeys(IReadOnlyDictionary<string, (SigningKey Key, KeyRange Range)> keys)
{
    public static async Task<LogKeys> ReadAsync(LedgerTransaction transaction, TenantId tenant, int epoch, KeyPurpose purpose,
        CancellationToken cancel)
    {
        var ranges = (await KeyRangeStore.ListAsync(transaction, tenant, epoch, purpose, cancel)).ToDictionary(r => r.KeyId);
        var keys = await SigningKeyStore.ListAsync(transaction, null, cancel);
        return new LogKeys(keys.Where(k => k.Purpose == purpose && ranges.ContainsKey(k.KeyId))
            .ToDictionary(k => k.KeyId, k => (k, ranges[k.KeyId])));
    }

    /// <summary>The key, where it is valid at this seq (entry keys) or tree size (checkpoint keys); else null.</summary>
    public SigningKey? At(string keyId, long position) =>
        keys.TryGetValue(keyId, out var found) && position >= found.Range.From && (found.Range.To is not { } to || position <= to)
            ? found.Key : null;
}
