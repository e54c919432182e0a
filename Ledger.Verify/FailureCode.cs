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
