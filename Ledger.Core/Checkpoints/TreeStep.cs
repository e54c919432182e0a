using Ledger.Core.Signing;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Checkpoints;

/// <summary>A full tile that a step made, with the hash above it.</summary>
internal sealed record NewTile(TileId Id, byte[] Hashes, Digest Root);

/// <summary>What takes a log from its stored tree to the next one: computed, not yet signed, nothing of it visible.</summary>
/// <param name="From">The heads it starts from.</param>
/// <param name="Mark">The mark as it was read: the one to replace. In a recovery it already is this step's.</param>
/// <param name="Edge">The right edge of the new tree.</param>
/// <param name="Recovered">The mark's own note and key, where a crash left the mark ahead of the stored tree; null for a new step.</param>
internal sealed record TreeStep(LogHeads From, StoredMark Mark, RightEdge Edge, IReadOnlyList<NewTile> Tiles,
    IReadOnlyList<KeyRange> KeyRanges, SignedNote? Recovered)
{
    public LogId Log => From.Log;

    public Checkpoint Checkpoint { get; } = new(From.Origin, Edge.Size, Edge.Root());
}

/// <summary>A checkpoint's note and the key that signed it.</summary>
internal sealed record SignedNote(string Text, string KeyId);
