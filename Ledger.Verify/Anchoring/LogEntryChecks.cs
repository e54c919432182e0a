using System.Globalization;
using System.Text;
using Ledger.Verify.Merkle;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Anchoring;

/// <summary>
/// The checks of one log entry; null is a pass. Roots and sizes are believed only from a verified checkpoint, and what the entry itself
/// claims of them must be the same.
/// </summary>
public static class LogEntryChecks
{
    /// <summary>The entry's checkpoint is signed by this log, which is the one that the entry names.</summary>
    public static FailureCode? Checkpoint(LogEntry entry, TrustedLog log, out LogCheckpoint? checkpoint)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(log);
        checkpoint = null;
        if (entry.LogId != log.LogId) return FailureCode.LogUnknown;
        return LogCheckpoint.Verify(entry.Inclusion.Checkpoint, log, out checkpoint);
    }

    /// <summary>
    /// The body is at the proof's index in the tree of the believed checkpoint, and the proof claims that size and root. Where the log has
    /// one tree (v2) the entry's own index is the proof's; where it has shards (v1) it is not below it, and only the SET binds it.
    /// </summary>
    public static FailureCode? Inclusion(LogEntry entry, LogCheckpoint believed)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(believed);
        var proof = entry.Inclusion;
        if (proof.RootHash != believed.Root) return FailureCode.LogRootMismatch;
        if (proof.TreeSize != believed.Size) return FailureCode.LogSizeMismatch;
        if (believed.IsShard ? entry.LogIndex < proof.LogIndex : entry.LogIndex != proof.LogIndex) return FailureCode.LogIndexMismatch;
        return Included(entry, proof.LogIndex, believed.Size, believed.Root);
    }

    /// <summary>
    /// As cosign: v1's path is judged at the index and size that the proof claims, which must lead to the checkpoint's root; v2's at the
    /// entry's own index in the checkpoint's tree, whatever the proof claims beside the path.
    /// </summary>
    internal static FailureCode? InclusionLeniently(LogEntry entry, LogCheckpoint believed)
    {
        if (!believed.IsShard) return Included(entry, entry.LogIndex, believed.Size, believed.Root);
        if (entry.Inclusion.RootHash != believed.Root) return FailureCode.LogRootMismatch;
        return Included(entry, entry.Inclusion.LogIndex, entry.Inclusion.TreeSize, believed.Root);
    }

    /// <summary>
    /// The log's promise: ECDSA over RFC 8785 of body, integratedTime, logID and the global logIndex (v1 only), made while the log's key
    /// was valid. An entry without one fails.
    /// </summary>
    public static FailureCode? SignedEntryTimestamp(LogEntry entry, TrustedLog log)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(log);
        if (entry.LogId != log.LogId) return FailureCode.LogUnknown;
        if (!WasValid(log, entry.IntegratedTime)) return FailureCode.SetOutOfValidity;
        if (entry.SignedEntryTimestamp is not { } signature || entry.LogIndex is < 0 or > Limits.MaxSafeInteger)
            return FailureCode.SetInvalid;
        var signed = Digest.Sha256(SignedBytes(entry)).ToArray();
        return EcdsaP256.VerifyDigest(log.Spki, signed, signature) ? null : FailureCode.SetInvalid;
    }

    /// <summary>What a SET signs. The members are in order and hold no character that JSON escapes.</summary>
    // Example: {"body":"eyJhcGlWZXJzaW9uIjoi…","integratedTime":1795294588,"logID":"e92adaefa2a77c68…","logIndex":0}
    public static byte[] SignedBytes(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var (body, id) = (Convert.ToBase64String(entry.CanonicalizedBody), entry.LogId.ToHex());
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"body":"{{body}}","integratedTime":{{entry.IntegratedTime}},"logID":"{{id}}","logIndex":{{entry.LogIndex}}}"""));
    }

    private static bool WasValid(TrustedLog log, long unixSeconds)
    {
        // 0 is how a log that states no time is written. The rest is what a time can hold.
        if (unixSeconds <= 0 || unixSeconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()) return false;
        var time = DateTimeOffset.FromUnixTimeSeconds(unixSeconds);
        return time >= log.ValidFrom && (log.ValidTo is not { } end || time <= end);
    }

    private static FailureCode? Included(LogEntry entry, long index, long size, Digest root) =>
        InclusionProof.Check(MerkleHash.Leaf(entry.CanonicalizedBody), index, size, entry.Inclusion.Hashes, root);
}
