using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>A tenant's two ECDSA keys: one signs checkpoint bodies, the other payload digests, neither anything else.</summary>
public sealed class AnchorSigning(LedgerDatabase database, VerifiedSigner signer, KeyNames names)
{
    /// <summary>A fresh signature by the newest version of the key; ECDSA's differ each time, so it is frozen before anybody sees it.</summary>
    /// <param name="purpose">Anchor or payload.</param>
    /// <returns>DER, and the key it verifies under: recorded.</returns>
    /// <exception cref="LedgerProblemException">signer-unavailable, signer-key-changed, signer-key-retired, signer-invalid.</exception>
    public async Task<(SigningKey Key, byte[] Signature)> SignAsync(TenantId tenant, int epoch, KeyPurpose purpose, Digest digest,
        CancellationToken cancel)
    {
        var name = purpose == KeyPurpose.Anchor ? names.Anchor(tenant) : names.Payload(tenant);
        var outcome = (await signer.SignAsync(name, purpose, tenant, [digest.ToArray()], cancel))[0];
        if (outcome.Problem is { } problem) throw new LedgerProblemException(problem);
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var ranges = await KeyRangeStore.ListAsync(transaction, tenant, epoch, purpose, cancel);
        if (ranges.Any(r => r.KeyId == outcome.Key!.KeyId && r.To is not null))
            throw new LedgerProblemException(ProblemTypes.SignerKeyRetired, $"The signer still signs with {outcome.Key!.KeyId}.");
        return (outcome.Key!, outcome.Signature!);
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
