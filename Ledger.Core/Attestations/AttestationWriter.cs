using Ledger.Core.Anchoring;
using Ledger.Core.Entries;
using Ledger.Core.Jobs;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Entries;

namespace Ledger.Core.Attestations;

/// <summary>Takes third parties' DSSE envelopes into the log: checked, chained as an entry over their bytes, kept to the byte.</summary>
public sealed class AttestationWriter(
    EntryPreparation preparation, Appender appender, AttestationReader attestations, AttestationKeyStore keys, TransparencyLogs logs,
    JobQueue queue)
{
    private readonly AttestationRows rows = new(logs, queue);

    /// <summary>Stores an envelope; when this returns, it is durable with its entry and its jobs. The same bytes again are the attestation
    /// that is there.</summary>
    /// <exception cref="LedgerProblemException">Nothing was written: malformed-json, duplicate-field, invalid-envelope, invalid-statement,
    /// attestation-key-unknown, attestation-signature-invalid, or what an append is refused with.</exception>
    public async Task<(StoredAttestation Attestation, bool IsNew)> AddAsync(TenantId tenant, byte[] envelope, CancellationToken cancel)
    {
        var read = DsseEnvelope.Read(envelope);
        var statement = AttestedStatement.Read(read.PayloadType, read.Payload);
        var sha256 = Digest.Sha256(envelope);
        var prepared = preparation.Prepare(tenant, new AppendItem($"sha256:{sha256}", sha256, "{}"u8.ToArray()),
            PredicateTypes.Attestation);
        for (var tries = 1; ; tries++)
        {
            // The key is looked up in every round: it may be revoked between two.
            if (await attestations.FindAsync(tenant, sha256, cancel) is { } known) return (known, false);
            var key = SignerOf(read, await keys.AcceptedAsync(tenant, cancel));
            await appender.SignAsync([prepared], cancel);
            var outcome = await appender.CommitAsync(tenant, new Submission([prepared])
            {
                Gate = (transaction, c) => AttestationRows.IsOpenAsync(transaction, tenant, sha256, key.KeyId, c),
                Riders = riding => rows.Add(riding, envelope, key, statement),
            }).WaitAsync(cancel);
            if (outcome.Status == CommitStatus.Stored)
                return (new StoredAttestation(sha256, outcome.Entries[0], envelope.Length, key.KeyId, key.Type, statement.PredicateType,
                    [.. statement.Subjects.OrderBy(s => s.ToHex(), StringComparer.Ordinal)]), true);
            if (outcome.Status == CommitStatus.KeyRetired && tries >= Appender.SigningTries)
                throw new LedgerProblemException(
                    ProblemTypes.SignerKeyRetired, "The signer signs with a retired key; nothing was written.");
        }
    }

    private static AttestationKey SignerOf(DsseEnvelope envelope, IReadOnlyList<AttestationKey> accepted)
    {
        if (envelope.KeyId.Length > 0) accepted = [.. accepted.Where(key => key.IsCalled(envelope.KeyId))];
        if (accepted.Count == 0 && envelope.KeyId.Length > 0)
            throw new LedgerProblemException(ProblemTypes.AttestationKeyUnknown,
                "keyid must be absent, empty, or the id or SSH fingerprint of a registered key that is not revoked.",
                "signatures[0].keyid");
        var pae = envelope.Pae();
        return accepted.FirstOrDefault(key => key.Verifies(pae, envelope.Signature))
            ?? throw new LedgerProblemException(ProblemTypes.AttestationSignatureInvalid,
                "The signature over the envelope's PAE is by no registered key that is not revoked.", "signatures[0].sig");
    }
}
