namespace Ledger.Verify;

/// <summary>Every cap of the formats in one place; lengths are bytes unless the name says otherwise.</summary>
public static class Limits
{
    /// <summary>The largest integer that every JSON reader keeps exact: 2^53 − 1. Caps sizes, seqs and indexes.</summary>
    public const long MaxSafeInteger = 9_007_199_254_740_991;

    /// <summary>A signed note, text and signatures together.</summary>
    public const int NoteBytes = 1_000_000;

    /// <summary>Signature lines of one note.</summary>
    public const int NoteSignatures = 100;

    /// <summary>A key name or a log's origin.</summary>
    public const int KeyNameBytes = 1024;

    /// <summary>
    /// Hashes of one inclusion or consistency proof: a tree of 2^53 leaves is 53 levels high, a consistency proof adds one.
    /// </summary>
    public const int ProofHashes = 64;

    /// <summary>Opaque extra data of a tlog-proof, decoded.</summary>
    public const int TlogProofExtraBytes = 64 * 1024;

    /// <summary>A whole tlog-proof text.</summary>
    public const int TlogProofBytes = NoteBytes + 128 * 1024;

    /// <summary>A subject, in Unicode code points.</summary>
    public const int SubjectCodePoints = 256;

    /// <summary>A tenant id: 54 for a tenant of its own, 63 with a reserved prefix.</summary>
    public const int TenantIdCharacters = 63;

    /// <summary>Statement bytes: a subject, a predicate and, in the first entry of a later epoch, a signed note.</summary>
    public const int StatementBytes = 2 * NoteBytes;

    /// <summary>Leaf bytes: an entry bundle frames each leaf with 16 bits of length.</summary>
    public const int LeafBytes = 65_535;

    /// <summary>A receipt: its statement in base64 and a kilobyte of other fields.</summary>
    public const int ReceiptBytes = 3 * NoteBytes;

    /// <summary>An entry's meta, in its RFC 8785 form.</summary>
    public const int MetaBytes = 16 * 1024;

    /// <summary>Nesting of an entry's meta; meta itself is depth 1.</summary>
    public const int MetaDepth = 8;

    /// <summary>Nesting of the ledger's own JSON documents.</summary>
    public const int DocumentDepth = 32;

    /// <summary>A bundle: its statement in base64, a note, and anchors.</summary>
    public const int BundleBytes = 8 * NoteBytes;

    /// <summary>Anchors of one bundle, and the most a policy can ask for.</summary>
    public const int Anchors = 32;

    /// <summary>One page of a log's public list of anchors.</summary>
    public const int AnchorPageBytes = 16 * NoteBytes;

    /// <summary>A trust file with a Sigstore trusted root in it.</summary>
    public const int TrustFileBytes = 4 * 1024 * 1024;

    /// <summary>A Sigstore bundle: an artifact's signature or an attestation of 16 MB, its proofs and timestamps.</summary>
    public const int SigstoreBundleBytes = 24 * NoteBytes;

    /// <summary>A Sigstore trusted_root.json; the public one has under 10 KB.</summary>
    public const int TrustedRootBytes = TrustFileBytes / 2;

    /// <summary>A PEM file with one public key.</summary>
    public const int PemBytes = 64 * 1024;

    /// <summary>Log entries of one Sigstore bundle.</summary>
    public const int LogEntries = 32;

    /// <summary>Timestamps of one Sigstore bundle, an anchor too.</summary>
    public const int Timestamps = 32;

    /// <summary>The body of a log entry: a signature and a key, or as many of them as an envelope has.</summary>
    public const int LogBodyBytes = NoteBytes;

    /// <summary>One line of an export: a statement in base64, a leaf and meta.</summary>
    public const int ExportedEntryBytes = 4 * NoteBytes;

    /// <summary>A full entry bundle of the longest leaves.</summary>
    public const int EntryBundleBytes = 256 * (2 + LeafBytes);

    /// <summary>What one check of an fsck names at most; a log that is wrong everywhere is not a longer report.</summary>
    public const int FsckFindings = 20;
}
