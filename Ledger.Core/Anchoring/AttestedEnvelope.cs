using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Signing;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>As what a transparency log takes an attestation.</summary>
public enum AttestationForm
{
    /// <summary>v1: the envelope itself.</summary>
    Dsse,

    /// <summary>v2, ECDSA: its signature over SHA-256 of the envelope's PAE.</summary>
    HashedRekord,

    /// <summary>v2, Ed25519: as nothing of its own; the checkpoint over its entry is anchored.</summary>
    CheckpointOnly,
}

/// <summary>A stored attestation, as a transparency log is given it.</summary>
/// <param name="Bytes">The envelope, as it was sent.</param>
/// <param name="Envelope">The same, read.</param>
/// <param name="Spki">The key its signature was verified under: Ed25519 or ECDSA P-256.</param>
public sealed record AttestedEnvelope(byte[] Bytes, DsseEnvelope Envelope, byte[] Spki)
{
    /// <summary>The attestation of an entry, to be read in its tenant's transaction; null where the entry is none.</summary>
    public static async Task<AttestedEnvelope?> ReadAsync(LedgerTransaction transaction, TenantId tenant, int epoch, long seq,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT a.envelope, k.spki
              FROM attestations a JOIN attestation_keys k ON k.tenant_id = a.tenant_id AND k.key_id = a.key_id
             WHERE a.tenant_id = $1 AND a.epoch = $2 AND a.seq = $3
            """, cancel, Text(tenant.Value), Int(epoch), Long(seq));
        if (!await reader.ReadAsync(cancel)) return null;
        var bytes = reader.GetFieldValue<byte[]>(0);
        return new AttestedEnvelope(bytes, DsseEnvelope.Read(bytes), reader.GetFieldValue<byte[]>(1));
    }

    public static AttestationForm FormFor(int version, ReadOnlySpan<byte> spki) =>
        version == 1 ? AttestationForm.Dsse
        : EcdsaP256.IsKey(spki) ? AttestationForm.HashedRekord
        : AttestationForm.CheckpointOnly;

    /// <summary>Null for <see cref="AttestationForm.CheckpointOnly"/>. The same bytes every time: nothing here is signed anew.</summary>
    /// <param name="version">The log's.</param>
    public LogSubmission? SubmissionTo(int version) => FormFor(version, Spki) switch
    {
        AttestationForm.Dsse => new LogSubmission(LogSubmissionKind.Dsse, PaeDigest, Envelope.Signature, Spki, Bytes),
        AttestationForm.HashedRekord => new LogSubmission(LogSubmissionKind.HashedRekord, PaeDigest, Envelope.Signature, Spki),
        _ => null,
    };

    private Digest PaeDigest => Digest.Sha256(Envelope.Pae());
}
