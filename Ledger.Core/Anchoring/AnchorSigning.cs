using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>A tenant's two ECDSA keys: one signs checkpoint bodies, the other payload digests, neither anything else.</summary>
public sealed class AnchorSigning(LedgerDatabase database, VerifiedSigner signer, KeyNames names)
{
    /// <summary>A fresh signature by the epoch's newest version of the key; ECDSA's differ each time, so it is frozen before anybody sees
    /// it.</summary>
    /// <param name="purpose">Anchor or payload.</param>
    /// <param name="position">Tree size or seq: where the range of a key begins that is new.</param>
    /// <returns>DER, and the key it verifies under: recorded, and this epoch's.</returns>
    /// <exception cref="LedgerProblemException">signer-unavailable, signer-key-changed, signer-key-retired, signer-invalid.</exception>
    public async Task<(SigningKey Key, byte[] Signature)> SignAsync(TenantId tenant, int epoch, KeyPurpose purpose, Digest digest,
        long position, CancellationToken cancel)
    {
        var name = purpose == KeyPurpose.Anchor ? names.Anchor(tenant) : names.Payload(tenant);
        var version = await VersionAsync(tenant, epoch, purpose, cancel);
        var outcome = (await signer.SignAsync(name, purpose, tenant, [digest.ToArray()], cancel, version))[0];
        if (outcome.Problem is { } problem) throw new LedgerProblemException(problem);
        var (key, signature) = (outcome.Key!, outcome.Signature!);

        await using var transaction = await database.BeginAsync(tenant, cancel);
        var ranges = await KeyRangeStore.ListAsync(transaction, tenant, epoch, purpose, cancel);
        if (ranges.FirstOrDefault(r => r.KeyId == key.KeyId) is not { } range)
        {
            // Rotated since. Perhaps for another epoch that is being opened right now: a key is one epoch's, and this one may not have it.
            if (!await KeyRangeStore.ClaimAsync(transaction, tenant, epoch, purpose, key.KeyId, position, cancel))
                throw new LedgerProblemException(ProblemTypes.SignerUnavailable, $"{key.KeyId} is another epoch's; it signs again.");
            await transaction.CommitAsync(cancel);
        }
        else if (range.To is not null)
        {
            throw new LedgerProblemException(ProblemTypes.SignerKeyRetired, $"The signer still signs with {key.KeyId}.");
        }
        return (key, signature);
    }

    private async Task<int?> VersionAsync(TenantId tenant, int epoch, KeyPurpose purpose, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await EpochKeys.VersionAsync(transaction, tenant, epoch, purpose, cancel);
    }

    /// <summary>The public key of a frozen signature.</summary>
    /// <exception cref="InvalidDataException">There is no such key: the row was tampered with.</exception>
    public async Task<byte[]> SpkiOfAsync(TenantId tenant, KeyPurpose purpose, string keyId, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT spki FROM signing_keys WHERE tenant_id = $1 AND key_id = $2 AND purpose = $3", cancel, Text(tenant.Value), Text(keyId),
            Text(purpose.SqlName()));
        return await reader.ReadAsync(cancel) ? reader.GetFieldValue<byte[]>(0)
            : throw new InvalidDataException($"{tenant} has no {purpose.SqlName()} key {keyId}.");
    }
}
