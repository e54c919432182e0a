using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Verification;

/// <summary>
/// What the steps over one anchor share, in the order of belief: <see cref="BelievedCheckpoint"/> is set only when the transparency log has
/// signed it.
/// </summary>
internal sealed class AnchorEvidence
{
    public AnchorEvidence(ReadOnlySpan<byte> bytes, Digest digest, TrustedRoot? root, AnchorKeys keys)
    {
        (Digest, Root) = (digest, root);
        if (!TryRead(bytes, out var bundle, out var failure))
        {
            Unreadable = failure;
            return;
        }

        (Hint, Message, Entry, HasTimestamps) = (bundle!.Hint, bundle.Message!, bundle.Entries[0], bundle.Timestamps.Count > 0);
        Key = keys.Find(Hint, out var keyFailure);
        KeyFailure = keyFailure;
        if (LogBody.TryParse(Entry.CanonicalizedBody, out var content, out var contentFailure)) Content = content;
        else ContentFailure = contentFailure;
        Log = root?.LogOf(Entry.LogId);
        TimestampFailure = JudgeTimestamps(bundle.Timestamps);
        if (Log is null) return;
        CheckpointFailure = LogEntryChecks.Checkpoint(Entry, Log, out var checkpoint);
        BelievedCheckpoint = CheckpointFailure is null ? checkpoint : null;
    }

    /// <summary>Why there is nothing to judge; then only <see cref="Digest"/> and <see cref="Root"/> are set.</summary>
    public FailureCode? Unreadable { get; }

    /// <summary>What must be anchored.</summary>
    public Digest Digest { get; }

    public TrustedRoot? Root { get; }

    public string? Hint { get; }

    public BundledSignature Message { get; } = null!;

    public LogEntry Entry { get; } = null!;

    public bool HasTimestamps { get; }

    /// <summary>Why a timestamp is wrong; null when all of them are right.</summary>
    public FailureCode? TimestampFailure { get; }

    /// <summary>Distinct authorities that have stamped the signature, each by the SHA-256 of its leaf certificate.</summary>
    public HashSet<Digest> StampedBy { get; } = [];

    /// <summary>DER of the key that the hint names, one that may sign this; null with a <see cref="KeyFailure"/>.</summary>
    public byte[]? Key { get; }

    public FailureCode? KeyFailure { get; }

    /// <summary>What the log holds, well formed; whether it is this anchor is for a step to say.</summary>
    public LoggedContent? Content { get; }

    public FailureCode ContentFailure { get; }

    /// <summary>The log that the entry claims to be in, as the trusted root knows it.</summary>
    public TrustedLog? Log { get; }

    /// <summary>The log's checkpoint, its signature verified.</summary>
    public LogCheckpoint? BelievedCheckpoint { get; }

    public FailureCode? CheckpointFailure { get; }

    /// <summary>Rekor v2 states no time and promises nothing: it has neither a SET nor a second index.</summary>
    public bool IsOfVersion2 => Entry.Version == LoggedContent.V2;

    /// <summary>Whether these bytes are one anchor in its one form: a signature over a digest, with one log entry.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SigstoreBundle? bundle, out FailureCode failure)
    {
        if (!SigstoreBundle.TryParse(bytes, out bundle, out failure)) return false;
        // Strict here where cosign is lenient: what was understood, written again, must be what was read. No byte is without meaning.
        failure = FailureCode.AnchorNotCanonical;
        if (!bytes.SequenceEqual(bundle.ToBytes())) return false;
        failure = FailureCode.AnchorUnsupported;
        if (bundle.Message is null) return false;
        failure = FailureCode.AnchorEntryCount;
        return bundle.Entries.Count == 1;
    }

    private FailureCode? JudgeTimestamps(IReadOnlyList<byte[]> tokens)
    {
        if (tokens.Count > Limits.Timestamps) return FailureCode.TimestampMalformed;
        var authorities = Root?.TimestampAuthorities ?? [];
        foreach (var token in tokens)
        {
            var time = DateTimeOffset.MinValue;
            // One at a time, since who has stamped it counts: an authority that stamps twice is one.
            var authority = authorities.FirstOrDefault(one => TimestampToken.Verify(token, Message.Signature, [one], out time) is null);
            if (authority is null) return TimestampToken.Verify(token, Message.Signature, authorities, out _);
            if (Log is not null && !Covers(Log, time)) return FailureCode.AnchorTimeOutOfRange;
            StampedBy.Add(Digest.Sha256(authority.Certificates[0]));
        }

        return null;
    }

    private static bool Covers(TrustedLog log, DateTimeOffset time) => time >= log.ValidFrom && (log.ValidTo is not { } to || time <= to);
}
