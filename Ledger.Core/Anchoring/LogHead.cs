using Ledger.Verify.Anchoring;

namespace Ledger.Core.Anchoring;

/// <summary>The newest checkpoint of one shard, verified.</summary>
/// <param name="Checkpoint">Its origin tells the shards of a v1 log apart.</param>
/// <param name="Note">The signed note it was read from.</param>
/// <param name="Active">Whether the shard takes entries.</param>
/// <param name="ServerTime">The answer's Date header, signed by nobody; good for a look at the clocks.</param>
public sealed record LogHead(LogCheckpoint Checkpoint, string Note, bool Active, DateTimeOffset? ServerTime);
