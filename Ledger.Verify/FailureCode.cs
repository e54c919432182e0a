using System.Text;

namespace Ledger.Verify;

/// <summary>
/// Why something was refused. A code is a promise: it is printed (in kebab-case), scripted against and never renamed.
/// </summary>
public enum FailureCode
{
    // Merkle proofs
    /// <summary>The index is negative, or not below the tree size.</summary>
    InclusionIndexOutOfRange = 1,
    /// <summary>The proof has more or fewer hashes than this index and size need.</summary>
    InclusionProofLength,
    /// <summary>The proof leads to another root.</summary>
    InclusionRootMismatch,
    /// <summary>A size is negative, or the older size is above the newer.</summary>
    ConsistencySizeOutOfRange,
    /// <summary>The proof has more or fewer hashes than these sizes need.</summary>
    ConsistencyProofLength,
    /// <summary>The proof does not lead to the older root.</summary>
    ConsistencyFromRootMismatch,
    /// <summary>The proof does not lead to the newer root.</summary>
    ConsistencyToRootMismatch,

    // Signed notes and checkpoints
    /// <summary>Over <see cref="Limits.NoteBytes"/>.</summary>
    NoteTooBig,
    /// <summary>Not text, blank line, signature lines; or not UTF-8; or a control character.</summary>
    NoteMalformed,
    /// <summary>Over <see cref="Limits.NoteSignatures"/>.</summary>
    NoteTooManySignatures,
    /// <summary>A signature line is not em dash, name, canonical base64 of more than four bytes.</summary>
    NoteSignatureMalformed,
    /// <summary>A signature by a known key does not verify.</summary>
    NoteSignatureInvalid,
    /// <summary>No signature by a known key.</summary>
    NoteKeyUnknown,
    /// <summary>Not exactly origin, size, root, each with its newline.</summary>
    CheckpointMalformed,
    /// <summary>The size is not a decimal of 0…2^53−1 without leading zeros.</summary>
    CheckpointSizeMalformed,
    /// <summary>The root is not canonical base64 of 32 bytes.</summary>
    CheckpointRootMalformed,
    /// <summary>The tlog-proof text does not follow its grammar.</summary>
    TlogProofMalformed,

    // Entries
    /// <summary>Not the JSON shape of a statement.</summary>
    StatementMalformed,
    /// <summary>The right members, not in their RFC 8785 form.</summary>
    StatementNotCanonical,
    /// <summary>A predicate type this verifier does not know.</summary>
    StatementPredicateUnknown,
    /// <summary>Not the JSON shape of a leaf.</summary>
    LeafMalformed,
    /// <summary>The right members, not in their RFC 8785 form.</summary>
    LeafNotCanonical,
    /// <summary>A leaf kind this verifier does not know.</summary>
    LeafKindUnknown,
    /// <summary>Not the JSON shape of a receipt.</summary>
    ReceiptMalformed,
    /// <summary>The right members, not in their RFC 8785 form.</summary>
    ReceiptNotCanonical,
    /// <summary>A field of the receipt is not the value its statement and signature give.</summary>
    ReceiptFieldMismatch,
    /// <summary>The bytes are not length-prefixed entries, or not as many as the bundle's width.</summary>
    EntryBundleMalformed,

    // Bundles
    /// <summary>Over <see cref="Limits.BundleBytes"/>.</summary>
    BundleTooBig,
    /// <summary>Not the JSON shape of a bundle: a member is missing, unknown, twice, empty or of another type.</summary>
    BundleMalformed,
    /// <summary>A media type this verifier does not know.</summary>
    BundleMediaTypeUnknown,
    /// <summary>The right members, not in their RFC 8785 form.</summary>
    BundleNotCanonical,
    /// <summary>The artifact's SHA-256 is not the statement's.</summary>
    ArtifactMismatch,
    /// <summary>The envelope is not an in-toto statement's.</summary>
    PayloadTypeUnknown,
    /// <summary>The envelope has not exactly one signature.</summary>
    SignatureCount,
    /// <summary>The statement's signature does not verify under the key it names.</summary>
    StatementSignatureInvalid,
    /// <summary>The trust file does not name this origin.</summary>
    OriginUnknown,
    /// <summary>Leaf, checkpoint and trust file do not name the same origin.</summary>
    OriginMismatch,
    /// <summary>The statement names another tenant than the trust file gives this origin.</summary>
    TenantMismatch,
    /// <summary>The trust file has no entry key of this id for this log.</summary>
    EntryKeyUnknown,
    /// <summary>The key id is not the fingerprint of the key, or names other key bytes in the trust file.</summary>
    EntryKeyIdMismatch,
    /// <summary>The trust file does not let this key sign at this seq.</summary>
    EntryKeyOutOfRange,
    /// <summary>The trust file does not let this key sign a checkpoint of this size.</summary>
    CheckpointKeyOutOfRange,
    /// <summary>There is no verified checkpoint to take size and root from.</summary>
    CheckpointNotVerified,
    /// <summary>The proof is for another index than the leaf's seq.</summary>
    LeafIndexMismatch,
    /// <summary>An epoch statement anywhere but at seq 0 of a later epoch, or another one there.</summary>
    EpochMisplaced,
    /// <summary>Metadata and salt are not what the statement committed to.</summary>
    MetaMismatch,
    /// <summary>What claims to be an anchor is none: an envelope, or a log entry of another kind than hashedrekord.</summary>
    AnchorUnsupported,

    // Trust files
    /// <summary>Not the JSON shape of a trust file, or two logs of one origin.</summary>
    TrustMalformed,
    /// <summary>A version this verifier does not know.</summary>
    TrustVersionUnknown,
    /// <summary>A vkey is not one, or has another name than its log's origin.</summary>
    TrustVerifierKeyInvalid,
    /// <summary>An entry key's id is not the fingerprint of its public key.</summary>
    TrustKeyIdMismatch,
    /// <summary>A PEM is not exactly one ECDSA P-256 public key.</summary>
    TrustPemInvalid,
    /// <summary>A key's range ends before it begins.</summary>
    TrustRangeInvalid,
    /// <summary>A key is both an anchor key and a payload key.</summary>
    TrustKeyPurpose,
    /// <summary>A transparency log's id is not the one that its origin and key give: one key could be two witnesses.</summary>
    TrustLogIdMismatch,

    // Exports and public tiles
    /// <summary>A file that the log must have is not there.</summary>
    FileMissing,
    /// <summary>A file that the layout does not know.</summary>
    FileUnexpected,
    /// <summary>Not a line of an export, or not in its RFC 8785 form.</summary>
    ExportedEntryMalformed,
    /// <summary>The entries end before the checkpoint's size.</summary>
    EntryMissing,
    /// <summary>There are more entries than the checkpoint's size.</summary>
    EntryBeyondCheckpoint,
    /// <summary>A leaf's seq is not its position.</summary>
    SeqMismatch,
    /// <summary>A leaf's prev is not the hash of the leaf before it.</summary>
    PrevMismatch,
    /// <summary>A leaf is not the one its envelope gives.</summary>
    LeafMismatch,
    /// <summary>A tile or entry bundle is not the rebuilt one.</summary>
    TileMismatch,
    /// <summary>The rebuilt tree has another size than the checkpoint.</summary>
    TreeSizeMismatch,
    /// <summary>The rebuilt tree has another root than the checkpoint.</summary>
    TreeRootMismatch,
    /// <summary>A kept checkpoint has another size than its name.</summary>
    CheckpointSizeMismatch,
    /// <summary>A kept checkpoint is beyond the newest: the log was rolled back.</summary>
    CheckpointBeyondHead,

    // Anchors in bundles and sweeps
    /// <summary>A right Sigstore bundle, not in its RFC 8785 form or with members that mean nothing here.</summary>
    AnchorNotCanonical,
    /// <summary>The anchor has not exactly one log entry.</summary>
    AnchorEntryCount,
    /// <summary>The anchor's hint names none of the keys that the trust file lets sign it.</summary>
    AnchorKeyUnknown,
    /// <summary>An anchor by a payload key, or a payload anchor by an anchor key.</summary>
    AnchorKeyPurpose,
    /// <summary>The anchored digest is not the SHA-256 of this checkpoint's body; for a payload anchor: not the payload hash.</summary>
    AnchorDigestMismatch,
    /// <summary>An entry of Rekor v1 without signed entry timestamp: nothing else binds its index and its time.</summary>
    AnchorSetMissing,
    /// <summary>A signed entry timestamp in an entry of Rekor v2, which makes none.</summary>
    AnchorSetUnexpected,
    /// <summary>A time in an entry of Rekor v2, which states none.</summary>
    AnchorTimeUnsigned,
    /// <summary>The anchor was stamped at a time at which the trusted root does not believe the log's key.</summary>
    AnchorTimeOutOfRange,
    /// <summary>An anchor's file in an export is named for another log or index than the anchor has.</summary>
    AnchorNameMismatch,
    /// <summary>An anchor of a size, or of an entry, beyond the newest checkpoint: the log was rolled back.</summary>
    AnchorBeyondHead,
    /// <summary>Not the JSON shape of a page of the public list of anchors, or not by ascending size.</summary>
    AnchorListMalformed,
    /// <summary>Two roots are signed for one size: the log was rewritten.</summary>
    SweepTwoRoots,
    /// <summary>A transparency log holds under the anchor key what is no checkpoint body of this log: rewritten, or entries lost.</summary>
    SweepDigestUnknown,
    /// <summary>A transparency log holds an anchor of this log's own tree that the list of anchors lacks.</summary>
    SweepEntryUnlisted,
    /// <summary>The transparency log does not show what the list has, or was not asked for a key: it has not shown everything.</summary>
    SweepIncomplete,
    /// <summary>The transparency log shows another tree than an anchor's proof is from, or two anchors are from two trees of it.</summary>
    SweepLogForked,
    /// <summary>The transparency log's answer is not what was asked for, or cannot be read.</summary>
    SweepAnswerMalformed,

    // Transparency logs
    /// <summary>Not the JSON shape of a Sigstore trusted_root.json, or of another media type.</summary>
    TrustedRootMalformed,
    /// <summary>Not the JSON shape of a Sigstore bundle made with a plain key.</summary>
    SigstoreBundleMalformed,
    /// <summary>A Sigstore bundle of another version than 0.3.</summary>
    SigstoreBundleVersionUnknown,
    /// <summary>The bundle names no SHA-256 of the artifact.</summary>
    MessageDigestMissing,
    /// <summary>The signature over the artifact or the envelope does not verify under the given key.</summary>
    SignatureInvalid,
    /// <summary>The envelope's key id is neither empty nor the fingerprint of the given key.</summary>
    KeyIdMismatch,
    /// <summary>A key that is neither ECDSA P-256 nor Ed25519, or an Ed25519 key where only ECDSA will do.</summary>
    KeyUnsupported,
    /// <summary>The bundle has no log entry, or none that the trusted root can judge.</summary>
    LogEntryMissing,
    /// <summary>More log entries than <c>LogEntries</c>, or the same one twice.</summary>
    LogEntryRepeated,
    /// <summary>The trusted root does not name this log.</summary>
    LogUnknown,
    /// <summary>The checkpoint is another log's than the one whose id the entry names.</summary>
    LogOriginMismatch,
    /// <summary>The proof claims another root than the verified checkpoint has.</summary>
    LogRootMismatch,
    /// <summary>The proof claims another size than the verified checkpoint has.</summary>
    LogSizeMismatch,
    /// <summary>Entry and proof name different indexes although the log has only one shard.</summary>
    LogIndexMismatch,
    /// <summary>Not the JSON shape of a log entry's body.</summary>
    LogBodyMalformed,
    /// <summary>A body of a kind or version that this verifier does not know, or another than the entry says.</summary>
    LogBodyKindUnknown,
    /// <summary>The log holds another digest than the bundle.</summary>
    LogBodyDigestMismatch,
    /// <summary>The log holds another signature than the bundle.</summary>
    LogBodySignatureMismatch,
    /// <summary>The log holds another key than the given one.</summary>
    LogBodyKeyMismatch,
    /// <summary>The signed entry timestamp does not verify under the log's key.</summary>
    SetInvalid,
    /// <summary>The log's key was not valid at the time of the signed entry timestamp.</summary>
    SetOutOfValidity,
    /// <summary>No timestamp, and one was asked for.</summary>
    TimestampMissing,
    /// <summary>Not a granted RFC 3161 response or token.</summary>
    TimestampMalformed,
    /// <summary>The timestamp is over something else than the signature.</summary>
    TimestampImprintMismatch,
    /// <summary>The token's own signature does not verify, or its certificate is not there.</summary>
    TimestampSignatureInvalid,
    /// <summary>The token is by no timestamp authority of the trusted root.</summary>
    TimestampAuthorityUnknown,
    /// <summary>The certificate may not sign timestamps, or does not lead to the pinned root at the token's time.</summary>
    TimestampCertificateInvalid,
    /// <summary>The trusted root does not believe this authority at the token's time.</summary>
    TimestampOutOfValidity,
}

/// <summary>The printed form of a <see cref="FailureCode"/>.</summary>
public static class FailureCodes
{
    /// <summary><c>InclusionRootMismatch</c> is printed <c>inclusion-root-mismatch</c>.</summary>
    public static string Text(this FailureCode code)
    {
        var name = Enum.GetName(code) ?? throw new ArgumentOutOfRangeException(nameof(code));
        var text = new StringBuilder(name.Length + 8);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0) text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
