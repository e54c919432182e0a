namespace Ledger.Verify.Anchoring;

/// <summary>One entry of a transparency log with its proof, as a bundle carries it (<c>tlogEntries[]</c>).</summary>
/// <param name="LogIndex">v1: the global index, which the SET signs; v2: the index in the shard.</param>
/// <param name="LogId">The log's id.</param>
/// <param name="Kind"><c>hashedrekord</c> or <c>dsse</c>.</param>
/// <param name="Version">Of the kind, such as <c>0.0.1</c>.</param>
/// <param name="IntegratedTime">Unix seconds; 0 on v2, which states no time.</param>
/// <param name="SignedEntryTimestamp">The log's promise (v1 only), DER ECDSA; or null.</param>
/// <param name="Inclusion">The proof.</param>
/// <param name="CanonicalizedBody">The leaf's bytes: its hash is SHA-256(0x00 ‖ these).</param>
public sealed record LogEntry(
    long LogIndex,
    Digest LogId,
    string Kind,
    string Version,
    long IntegratedTime,
    byte[]? SignedEntryTimestamp,
    LogInclusion Inclusion,
    byte[] CanonicalizedBody);

/// <summary>An inclusion proof as a bundle carries it: all of it is a claim until the checkpoint is verified.</summary>
/// <param name="LogIndex">The index in the shard, which is what the path is for.</param>
/// <param name="RootHash">Claimed; believed only when the verified checkpoint has it.</param>
/// <param name="TreeSize">Claimed; believed only when the verified checkpoint has it.</param>
/// <param name="Hashes">The path, leaf side first.</param>
/// <param name="Checkpoint">The log's signed note.</param>
public sealed record LogInclusion(long LogIndex, Digest RootHash, long TreeSize, IReadOnlyList<Digest> Hashes, string Checkpoint);
