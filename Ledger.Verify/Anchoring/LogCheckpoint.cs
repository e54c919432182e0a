using System.Buffers.Binary;
using System.Text;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Anchoring;

/// <summary>
/// The checkpoint of a transparency log; unlike the ledger's own it may have extension lines, which are ignored.
/// https://c2sp.org/tlog-checkpoint
/// </summary>
/// <param name="Origin">The first line; v1: <c>host - treeid</c>, v2: the host.</param>
/// <param name="Size">Leaves in the tree.</param>
/// <param name="Root">Root hash of the tree.</param>
// Example: the one of LogNote.
public sealed record LogCheckpoint(string Origin, long Size, Digest Root)
{
    private const string TreeIdSeparator = " - ";

    /// <summary>Whether the origin has Rekor v1's form: an index in it is one of a shard, not the global one.</summary>
    public bool IsShard => HasTreeId(Origin, out _);

    /// <summary>
    /// Null when this log has signed the note: ECDSA P-256 (v1) or Ed25519 (v2), key hint = first 4 bytes of the log id. A v1 note has
    /// signatures of this log alone, under the name of the host in its origin (which need not be <see cref="TrustedLog.Origin"/>, as v1's
    /// clients never compare them); a v2 note's origin and signature name are <see cref="TrustedLog.Origin"/>, other signatures on it are
    /// cosignatures and ignored.
    /// </summary>
    /// <param name="note">The whole signed note, in the one spelling that <see cref="Note"/> accepts.</param>
    /// <param name="log">Whose signature counts.</param>
    /// <param name="checkpoint">What the log has signed; null on a failure.</param>
    public static FailureCode? Verify(string note, TrustedLog log, out LogCheckpoint? checkpoint)
    {
        ArgumentNullException.ThrowIfNull(note);
        ArgumentNullException.ThrowIfNull(log);
        checkpoint = null;
        return Note.TryParse(note, out var parsed, out var failure) ? Verify(parsed, log, strict: true, out checkpoint) : failure;
    }

    /// <summary>As <see cref="Verify(string, TrustedLog, out LogCheckpoint?)"/>, with all that cosign lets pass.</summary>
    internal static FailureCode? VerifyLeniently(string note, TrustedLog log, out LogCheckpoint? checkpoint)
    {
        checkpoint = null;
        return LogNote.TryParse(note, out var parsed, out var failure) ? Verify(parsed, log, strict: false, out checkpoint) : failure;
    }

    private static FailureCode? Verify(Note note, TrustedLog log, bool strict, out LogCheckpoint? checkpoint)
    {
        checkpoint = null;
        if (!TryParse(note.Text, out var claimed, out var failure)) return failure;
        var text = Encoding.UTF8.GetBytes(note.Text);
        var refused = HasTreeId(claimed.Origin, out var host)
            ? VerifyV1(note, text, log, strict ? host : null)
            : VerifyV2(note, text, claimed.Origin, log, strict);
        if (refused is null) checkpoint = claimed;
        return refused;
    }

    /// <summary>Reads the text of a note. Nobody has signed what comes out of here.</summary>
    private static bool TryParse(string text, out LogCheckpoint checkpoint, out FailureCode failure)
    {
        checkpoint = null!;
        failure = FailureCode.CheckpointMalformed;
        var lines = text.Split('\n', 4);
        if (lines.Length != 4 || !NoteText.IsLine(lines[0])) return false;
        failure = FailureCode.CheckpointSizeMalformed;
        if (!TilePath.TryParseDecimal(lines[1], Limits.MaxSafeInteger, out var size)) return false;
        failure = FailureCode.CheckpointRootMalformed;
        if (!CanonicalBase64.TryDecodeDigest(lines[2], out var root)) return false;
        checkpoint = new LogCheckpoint(lines[0], size, root);
        return true;
    }

    private static FailureCode? VerifyV1(Note note, byte[] text, TrustedLog log, string? host)
    {
        var hint = HintOf(Digest.Sha256(log.Spki));
        foreach (var signature in note.Signatures)
        {
            if (signature.KeyHash != hint) return FailureCode.NoteKeyUnknown;
            if (host is not null && signature.Name != host) return FailureCode.LogOriginMismatch;
            if (!LogKey.Verify(log.Spki, text, signature.Signature)) return FailureCode.NoteSignatureInvalid;
        }

        return null;
    }

    private static FailureCode? VerifyV2(Note note, byte[] text, string origin, TrustedLog log, bool strict)
    {
        if (!LogKey.IsSupported(log.Spki)) return FailureCode.KeyUnsupported;
        if (origin != log.Origin) return FailureCode.LogOriginMismatch;
        var hint = HintOf(LogKey.IdOf(log.Origin, log.Spki));
        var ours = note.Signatures.Where(signature => signature.Name == log.Origin && signature.KeyHash == hint).ToArray();
        if (ours.Length == 0) return FailureCode.NoteKeyUnknown;
        // cosign looks at the first and passes over its repetitions.
        if (!strict) ours = ours[..1];
        return ours.All(signature => LogKey.Verify(log.Spki, text, signature.Signature)) ? null : FailureCode.NoteSignatureInvalid;
    }

    private static bool HasTreeId(string origin, out string host)
    {
        var split = origin.LastIndexOf(TreeIdSeparator, StringComparison.Ordinal);
        host = split < 0 ? "" : origin[..split];
        var treeId = split < 0 ? "" : origin[(split + TreeIdSeparator.Length)..];
        return treeId.Length > 0 && treeId.All(char.IsAsciiDigit);
    }

    private static uint HintOf(Digest id)
    {
        Span<byte> bytes = stackalloc byte[Digest.Size];
        id.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
