using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Signing;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>What an anchor must be of: recomputed from the tenant's own rows, never taken from the anchor.</summary>
/// <param name="Digest">SHA-256 of the checkpoint's body, or the payload's; null for an attestation, and where the row is gone.</param>
/// <param name="Keys">PEM of the keys that may have signed it.</param>
/// <param name="OtherKeys">PEM of the tenant's keys of the other purpose.</param>
/// <param name="Attested">An attestation's envelope and key.</param>
internal sealed record AnchorExpectation(
    Digest? Digest, IReadOnlyList<string> Keys, IReadOnlyList<string> OtherKeys, AttestedEnvelope? Attested = null)
{
    public static async Task<AnchorExpectation> ReadAsync(LedgerTransaction transaction, TenantId tenant, AnchorView anchor,
        CancellationToken cancel)
    {
        if (anchor.Kind == AnchorKind.Attestation)
            return new AnchorExpectation(null, [], [],
                await AttestedEnvelope.ReadAsync(transaction, tenant, anchor.Epoch, anchor.Position, cancel));
        var digest = anchor.Kind == AnchorKind.Checkpoint
            ? await BodyAsync(transaction, tenant, anchor.Epoch, anchor.Position, cancel)
            : await PayloadAsync(transaction, tenant, anchor.Epoch, anchor.Position, cancel);
        var (anchorKeys, payloadKeys) = await KeysAsync(transaction, tenant, anchor.Epoch, cancel);
        return anchor.Kind == AnchorKind.Checkpoint ? new AnchorExpectation(digest, anchorKeys, payloadKeys)
            : new AnchorExpectation(digest, payloadKeys, anchorKeys);
    }

    /// <summary>The tenant's keys that sign for transparency logs, as PEM.</summary>
    /// <param name="epoch">Those of one epoch; null for all that there ever were.</param>
    public static async Task<(IReadOnlyList<string> Anchor, IReadOnlyList<string> Payload)> KeysAsync(LedgerTransaction transaction,
        TenantId tenant, int? epoch, CancellationToken cancel)
    {
        var keys = await SigningKeyStore.ListAsync(transaction, tenant, cancel);
        async Task<IReadOnlyList<string>> Of(KeyPurpose purpose)
        {
            var ranges = epoch is { } number ? await KeyRangeStore.ListAsync(transaction, tenant, number, purpose, cancel) : null;
            return [.. keys.Where(key => key.Purpose == purpose && ranges?.Any(range => range.KeyId == key.KeyId) != false)
                .Select(key => Spki.ToPem(key.Spki))];
        }
        return (await Of(KeyPurpose.Anchor), await Of(KeyPurpose.Payload));
    }

    private static async Task<Digest?> BodyAsync(LedgerTransaction transaction, TenantId tenant, int epoch, long size,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT h.origin, c.root FROM checkpoints c JOIN chain_heads h ON h.tenant_id = c.tenant_id AND h.epoch = c.epoch
             WHERE c.tenant_id = $1 AND c.epoch = $2 AND c.tree_size = $3
            """, cancel, Text(tenant.Value), Int(epoch), Long(size));
        if (!await reader.ReadAsync(cancel)) return null;
        return Verify.Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(
            new Checkpoint(reader.GetString(0), size, reader.GetDigest(1)).Body()));
    }

    private static async Task<Digest?> PayloadAsync(LedgerTransaction transaction, TenantId tenant, int epoch, long seq,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(
            "SELECT e.payload_hash FROM chain_entries e WHERE e.tenant_id = $1 AND e.epoch = $2 AND e.seq = $3", cancel,
            Text(tenant.Value), Int(epoch), Long(seq));
        return await reader.ReadAsync(cancel) ? reader.GetDigest(0) : null;
    }
}
