using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>trust.json of a tenant's logs: the operator's claim of which keys are valid where, for a verifier to pin.</summary>
public sealed class TrustFileReader(LedgerDatabase database)
{
    /// <summary>All epochs of a tenant, oldest first; null where there is no such tenant.</summary>
    public async Task<TrustFile?> ReadAsync(TenantId tenant, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var origins = await OriginsAsync(transaction, tenant, cancel);
        if (origins.Count == 0) return null;
        var keys = (await SigningKeyStore.ListAsync(transaction, null, cancel))
            .Concat(await SigningKeyStore.ListAsync(transaction, tenant, cancel))
            .DistinctBy(k => (k.KeyId, k.Purpose)).ToDictionary(k => (k.KeyId, k.Purpose));
        var logs = new List<TrustLog>();
        foreach (var (epoch, origin) in origins) logs.Add(await LogAsync(transaction, tenant, epoch, origin, keys, cancel));
        return new TrustFile(logs, TrustPolicy.Default);
    }

    private static async Task<TrustLog> LogAsync(LedgerTransaction transaction, TenantId tenant, int epoch, string origin,
        Dictionary<(string KeyId, KeyPurpose Purpose), SigningKey> keys, CancellationToken cancel)
    {
        async Task<List<(SigningKey Key, KeyRange Range)>> Of(KeyPurpose purpose) =>
            [.. (await KeyRangeStore.ListAsync(transaction, tenant, epoch, purpose, cancel))
                .Select(range => (keys[(range.KeyId, purpose)], range))];

        var payload = (await Of(KeyPurpose.Payload)).Select(k => Spki.ToPem(k.Key.Spki)).ToList();
        return new TrustLog(
            tenant.Value,
            origin,
            [.. (await Of(KeyPurpose.Checkpoint))
                .Select(k => new TrustedCheckpointKey(new VerifierKey(origin, k.Key.Ed25519PublicKey), k.Range.From, k.Range.To))],
            [.. (await Of(KeyPurpose.Entry))
                .Select(k => new TrustedEntryKey(k.Key.KeyId, k.Key.Ed25519PublicKey, k.Range.From, k.Range.To))],
            [.. (await Of(KeyPurpose.Anchor)).Select(k => Spki.ToPem(k.Key.Spki))],
            payload.Count == 0 ? null : payload);
    }

    private static async Task<List<(int Epoch, string Origin)>> OriginsAsync(LedgerTransaction transaction, TenantId tenant,
        CancellationToken cancel)
    {
        var origins = new List<(int, string)>();
        await using var reader = await transaction.QueryAsync("SELECT epoch, origin FROM chain_heads WHERE tenant_id = $1 ORDER BY epoch",
            cancel, Text(tenant.Value));
        while (await reader.ReadAsync(cancel)) origins.Add((reader.GetInt32(0), reader.GetString(1)));
        return origins;
    }
}
