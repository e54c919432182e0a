using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Anchoring;
using Ledger.Verify.Entries;

namespace Ledger.Api.Anchoring;

/// <summary>That a transparency log holds something of the tenant's.</summary>
/// <param name="Kind"><c>checkpoint</c>, <c>payload</c> or <c>attestation</c>.</param>
/// <param name="Size">The checkpoint's tree size; absent for the other kinds.</param>
/// <param name="Seq">The entry's seq; absent for checkpoints.</param>
/// <param name="LogId">64 hex digits: which log.</param>
/// <param name="LogIndex">Where in it; 0 is a real index. Rekor v1: the global index.</param>
/// <param name="Backend"><c>rekor-v1</c> or <c>rekor-v2</c>.</param>
/// <param name="EntryId">What <c>rekor-cli get --uuid</c> takes; an entry's <c>rekor_log_id</c>.</param>
/// <param name="IntegratedTime">When the log says it took it; absent where it does not say (Rekor v2).</param>
/// <param name="AnchoredAt">When this ledger had verified its proofs.</param>
public sealed record AnchorBody(
    string Kind, long? Size, long? Seq, string LogId, long LogIndex, string Backend, string EntryId, string? IntegratedTime,
    string AnchoredAt)
{
    internal static AnchorBody Of(AnchorView anchor) => new(
        anchor.Kind.SqlName(), anchor.Kind == AnchorKind.Checkpoint ? anchor.Position : null,
        anchor.Kind == AnchorKind.Checkpoint ? null : anchor.Position, anchor.TransparencyLog, anchor.LogIndex, anchor.Backend,
        anchor.EntryId, anchor.IntegratedTime is { } time ? LedgerTime.Format(time) : null, LedgerTime.Format(anchor.SubmittedAt));
}

/// <summary>An anchor with its proof.</summary>
/// <param name="Bundle">A Sigstore bundle v0.3: what cosign and ledger-verify check.</param>
public sealed record AnchorItem(
    string Kind, long? Size, long? Seq, string LogId, long LogIndex, string Backend, string EntryId, string? IntegratedTime,
    string AnchoredAt, JsonElement Bundle)
{
    internal static AnchorItem Of(AnchorFile file)
    {
        var body = AnchorBody.Of(file.Anchor);
        return new AnchorItem(body.Kind, body.Size, body.Seq, body.LogId, body.LogIndex, body.Backend, body.EntryId, body.IntegratedTime,
            body.AnchoredAt, JsonElement.Parse(file.SigstoreBundle));
    }
}

/// <summary>Checkpoints first, then attestations, then payloads; in each kind the newest position first.</summary>
public sealed record AnchorList(IReadOnlyList<AnchorItem> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
