using Ledger.Api.Anchoring;
using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;

namespace Ledger.Api.Checkpoints;

/// <summary>Checkpoints as answers, with their anchors.</summary>
internal sealed class CheckpointJson(AnchorReader anchors, TransparencyLogs transparency)
{
    /// <param name="checkpoints">Of one log, ordered by size.</param>
    public async Task<IReadOnlyList<CheckpointBody>> BodiesAsync(IReadOnlyList<StoredCheckpoint> checkpoints, string origin,
        CancellationToken cancel)
    {
        if (checkpoints.Count == 0) return [];
        var (first, last) = (checkpoints[0], checkpoints[^1]);
        var found = await anchors.OfCheckpointsAsync(first.Tenant, first.Epoch, Math.Min(first.Size, last.Size),
            Math.Max(first.Size, last.Size), AnchorsEndpoints.PrimaryOf(transparency), cancel);
        return [.. checkpoints.Select(checkpoint => CheckpointBody.Of(checkpoint, origin, found[checkpoint.Size]))];
    }
}
