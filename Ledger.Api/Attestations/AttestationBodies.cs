using System.Text.Json.Serialization;
using Ledger.Api.Anchoring;
using Ledger.Core.Attestations;
using Ledger.Verify.Entries;

namespace Ledger.Api.Attestations;

/// <summary>What is sent to attest: a DSSE envelope. Only documents the body: its exact bytes are kept.</summary>
/// <param name="PayloadType"><c>application/vnd.in-toto+json</c>.</param>
/// <param name="Payload">Base64 of an in-toto Statement v1 or v0.1.</param>
/// <param name="Signatures">Exactly one.</param>
public sealed record EnvelopeRequest(
    [property: JsonPropertyName("payloadType")] string PayloadType, [property: JsonPropertyName("payload")] string Payload,
    [property: JsonPropertyName("signatures")] IReadOnlyList<EnvelopeSignatureRequest> Signatures);

/// <param name="KeyId">Absent, empty, or the id or SSH fingerprint of a registered key.</param>
/// <param name="Signature">Base64 of the signature over the envelope's PAE; ECDSA: DER.</param>
public sealed record EnvelopeSignatureRequest(
    [property: JsonPropertyName("sig")] string Signature, [property: JsonPropertyName("keyid")] string? KeyId = null);

/// <summary>The receipt of the entry that chained the attestation, and what transparency logs will hold of it. The attestation's hash is
/// <paramref name="PayloadHash"/>.</summary>
/// <param name="Anchoring">One for each configured log.</param>
public sealed record AttestationReceipt(
    long ChainSeq, string CreatedAt, string Id, string KeyId, string LeafHash, string Origin, string PayloadHash, string Prev,
    string PublicKey, long RekorIndex, string RekorLogId, string Signature, string Statement, string Subject, string Tenant,
    IReadOnlyList<AttestationAnchoringBody> Anchoring);

/// <param name="LogId">64 hex digits.</param>
/// <param name="As"><c>dsse</c>: the envelope; <c>hashedrekord</c>: its signature over SHA-256 of its PAE; <c>checkpoint only</c>: nothing
/// of its own, only the checkpoint that covers its entry; <c>off</c>: the tenant's policy gives the logs nothing.</param>
public sealed record AttestationAnchoringBody(string LogId, string Backend, string As)
{
    internal static AttestationAnchoringBody Of(AttestationAnchoring anchoring) =>
        new(anchoring.LogId, anchoring.Backend, anchoring.Name);
}

/// <summary>What is known of an attestation beside its bytes.</summary>
/// <param name="Sha256">Of the envelope's exact bytes.</param>
/// <param name="EntryId">The entry that chained it: <c>/entries/{id}</c>, its proof and its bundle.</param>
/// <param name="Bytes">The envelope's length.</param>
/// <param name="KeyId">The registered key that signed it.</param>
/// <param name="PredicateType">Of the statement in it.</param>
/// <param name="SubjectSha256">The sha256 digests of the statement's subjects.</param>
/// <param name="Anchors">Its own entries in transparency logs; the checkpoint over its entry has others.</param>
public sealed record AttestationBody(
    string Sha256, string EntryId, int Epoch, long ChainSeq, string CreatedAt, int Bytes, string KeyId, string PredicateType,
    IReadOnlyList<string> SubjectSha256, IReadOnlyList<AnchorBody> Anchors)
{
    internal static AttestationBody Of(StoredAttestation attestation, IEnumerable<AnchorBody> anchors) => new(
        attestation.Sha256.ToHex(), attestation.Entry.Id.ToString(), attestation.Entry.Epoch, attestation.Entry.Seq,
        LedgerTime.Format(attestation.Entry.CreatedAt), attestation.EnvelopeBytes, attestation.KeyId, attestation.PredicateType,
        [.. attestation.Subjects.Select(subject => subject.ToHex())], [.. anchors]);
}

public sealed record AttestationList(IReadOnlyList<AttestationBody> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>What is sent to register a key.</summary>
/// <param name="Name">1 to 256 characters, for people.</param>
/// <param name="PublicKey">One PEM block <c>PUBLIC KEY</c>: Ed25519 or ECDSA P-256.</param>
public sealed record AttestationKeyRequest(string Name, string PublicKey);

/// <param name="Id">SHA-256 of the DER SubjectPublicKeyInfo, in hex.</param>
/// <param name="SshFingerprint"><c>SHA256:…</c>, as <c>ssh-keygen -lf</c> prints it: what cosign takes as an envelope's keyid.</param>
/// <param name="Algorithm"><c>ed25519</c> or <c>ecdsa-p256</c>.</param>
/// <param name="RevokedAt">Null while attestations by it are accepted.</param>
public sealed record AttestationKeyBody(
    string Id, string SshFingerprint, string Name, string Algorithm, string PublicKey, string RegisteredAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? RevokedAt)
{
    internal static AttestationKeyBody Of(AttestationKey key) => new(
        key.KeyId, key.SshKeyId, key.Name, key.Type.Name(), Verify.Signing.Spki.ToPem(key.Spki), LedgerTime.Format(key.RegisteredAt),
        key.RevokedAt is { } at ? LedgerTime.Format(at) : null);
}

/// <summary>Oldest first; revoked ones are never removed.</summary>
public sealed record AttestationKeyList(IReadOnlyList<AttestationKeyBody> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
