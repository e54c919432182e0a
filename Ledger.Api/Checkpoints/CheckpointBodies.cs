using System.Text.Json.Serialization;
using Ledger.Api.Anchoring;
using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;
using Ledger.Verify.Entries;

namespace Ledger.Api.Checkpoints;

/// <summary>A signed checkpoint.</summary>
/// <param name="TreeSize">Entries it covers.</param>
/// <param name="Note">The C2SP signed note, as it was first shown.</param>
/// <param name="Anchors">Its records in transparency logs, the primary log's first; empty until it has one. Most checkpoints never get one:
/// a later one that is anchored covers the same entries.</param>
public sealed record CheckpointBody(string Origin, int Epoch, long TreeSize, string RootHash, string KeyId, string CreatedAt, string Note,
    IReadOnlyList<AnchorBody> Anchors)
{
    internal static CheckpointBody Of(StoredCheckpoint checkpoint, string origin, IEnumerable<AnchorView> anchors) =>
        new(origin, checkpoint.Epoch, checkpoint.Size, checkpoint.Root.ToHex(), checkpoint.KeyId, LedgerTime.Format(checkpoint.CreatedAt),
            checkpoint.Note, [.. anchors.Select(AnchorBody.Of)]);
}

public sealed record CheckpointList(IReadOnlyList<CheckpointBody> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>That the tree of <paramref name="From"/> entries is a prefix of the tree of <paramref name="To"/>.</summary>
/// <param name="Hashes">RFC 6962 consistency proof.</param>
public sealed record ConsistencyAnswer(string Origin, long From, string FromRoot, long To, string ToRoot, IReadOnlyList<string> Hashes);
