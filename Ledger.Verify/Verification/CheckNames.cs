namespace Ledger.Verify.Verification;

/// <summary>The names of all checks, as they are printed. Scripts match on them: a name is never changed, only added.</summary>
public static class CheckNames
{
    /// <summary>SHA-256 of the artifact given by the caller is the one the statement names.</summary>
    public const string PayloadDigest = "payload-digest";

    /// <summary>The envelope's one signature is by an entry key of this log that is valid at this seq.</summary>
    public const string StatementSignature = "statement-signature";

    /// <summary>The leaf rebuilt from the envelope belongs to the tenant, the origin and the position that are claimed.</summary>
    public const string Leaf = "leaf";

    /// <summary>The leaf is at its index in the tree of the verified checkpoint.</summary>
    public const string Inclusion = "inclusion";

    /// <summary>The checkpoint is signed by a key of this log that is valid at this size.</summary>
    public const string CheckpointSignature = "checkpoint-signature";

    /// <summary>Metadata and salt are what the statement committed to.</summary>
    public const string Meta = "meta";

    /// <summary>The bundle's signature over the artifact, or over the envelope that names it, is by the given key.</summary>
    public const string Signature = "signature";

    /// <summary>The log entry's body holds the bundle's digest, signature and key.</summary>
    public const string LogBody = "log-body";

    /// <summary>The anchor's signature over this checkpoint's body is by the tenant's anchor key.</summary>
    public const string AnchorSignature = "anchor-signature";

    /// <summary>The anchor is in the transparency log's tree.</summary>
    public const string LogInclusion = "log-inclusion";

    /// <summary>The transparency log's own checkpoint is signed by that log.</summary>
    public const string LogCheckpointSignature = "log-checkpoint-signature";

    /// <summary>The transparency log's signed promise (signed entry timestamp).</summary>
    public const string Set = "set";

    /// <summary>An RFC 3161 timestamp over the anchor's signature.</summary>
    public const string Timestamp = "timestamp";

    /// <summary>The payload's own digest is in a transparency log; never satisfies the anchor policy.</summary>
    public const string PayloadAnchor = "payload-anchor";

    /// <summary>Every field of a receipt equals what the signed statement and the rebuilt leaf say.</summary>
    public const string ReceiptFields = "receipt-fields";

    /// <summary>The receipt's key is in the trust file for this log at this seq.</summary>
    public const string EntryKey = "entry-key";

    /// <summary>Every exported entry is well formed, in order, of this log, and chained to the one before it.</summary>
    public const string Entries = "entries";

    /// <summary>The tree rebuilt from all leaves has the checkpoint's size and root.</summary>
    public const string Tree = "tree";

    /// <summary>Every hash tile and entry bundle equals the rebuilt one.</summary>
    public const string Tiles = "tiles";

    /// <summary>Every kept checkpoint is signed and is a prefix of the rebuilt tree.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>The anchors of an export.</summary>
    public const string Anchors = "anchors";

    /// <summary>The payload anchors of an export.</summary>
    public const string PayloadAnchors = "payload-anchors";

    /// <summary>Each anchored size has one root, and each is a prefix of the next, up to the newest checkpoint.</summary>
    public const string Consistency = "consistency";

    /// <summary>Everything that the swept transparency logs hold under the anchor keys is a checkpoint body of the list.</summary>
    public const string LogEntries = "log-entries";

    /// <summary>The copy of the trust file in an export, which is the operator's claim, names this log and its keys.</summary>
    public const string TrustClaim = "trust-claim";

    /// <summary>The folder holds nothing that the layout does not know.</summary>
    public const string Files = "files";
}
