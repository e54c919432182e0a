using Ledger.Core.Tenancy;
using Ledger.Verify;

namespace Ledger.Core.Anchoring;

/// <summary>What a transparency log holds of ours.</summary>
public enum AnchorKind
{
    /// <summary>A checkpoint body; position is its tree size.</summary>
    Checkpoint,

    /// <summary>An entry's payload hash; position is its seq.</summary>
    Payload,

    /// <summary>A third party's DSSE envelope; position is the seq of the entry that chained it.</summary>
    Attestation,
}

public static class AnchorKinds
{
    /// <summary>The kind as the tables spell it.</summary>
    public static string SqlName(this AnchorKind kind) => kind switch
    {
        AnchorKind.Checkpoint => "checkpoint",
        AnchorKind.Payload => "payload",
        _ => "attestation",
    };

    /// <exception cref="FormatException">No kind is called that.</exception>
    public static AnchorKind Parse(string name) => name switch
    {
        "checkpoint" => AnchorKind.Checkpoint,
        "payload" => AnchorKind.Payload,
        "attestation" => AnchorKind.Attestation,
        _ => throw new FormatException($"'{name}' is not a kind of anchor."),
    };
}

/// <summary>A row of <c>anchors</c>: an entry of a transparency log, stored only after all its proofs verified.</summary>
/// <param name="TransparencyLog">64 hex digits of the log's id.</param>
/// <param name="LogIndex">v1: the global index; v2: the index.</param>
/// <param name="Backend"><c>rekor-v1</c> or <c>rekor-v2</c>.</param>
/// <param name="EntryId">v1: 80 hex digits; v2: 64 hex digits of the key id, ':', index.</param>
/// <param name="LeafHash">RFC 6962 leaf hash of the canonical body.</param>
/// <param name="IntegratedTime">v1's; null on v2, which gives no time.</param>
/// <param name="TreeSize">Of the proof: the shard's.</param>
/// <param name="LogCheckpoint">The log's own signed note.</param>
/// <param name="InclusionProof">Lowest node first.</param>
/// <param name="Raw">The log's answer, to the byte.</param>
/// <param name="SigstoreBundle">RFC 8785 bytes of a Sigstore bundle v0.3: what is handed out.</param>
public sealed record StoredAnchor(
    TenantId Tenant, int Epoch, AnchorKind Kind, long Position, string TransparencyLog, long LogIndex, string Backend, string EntryId,
    Digest LeafHash, DateTimeOffset? IntegratedTime, long TreeSize, Digest RootHash, string LogCheckpoint,
    IReadOnlyList<Digest> InclusionProof, byte[] Raw, byte[] SigstoreBundle, DateTimeOffset SubmittedAt);
