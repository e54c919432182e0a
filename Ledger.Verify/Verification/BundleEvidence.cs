using Ledger.Verify.Anchoring;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;

namespace Ledger.Verify.Verification;

/// <summary>
/// What the steps of one verification share. Its point is the order of belief: <see cref="BelievedCheckpoint"/> is set only when the
/// note's signature was verified, so no step can use a size or a root that nobody signed.
/// </summary>
internal sealed class BundleEvidence
{
    public BundleEvidence(Bundle bundle, TrustFile? trust, Digest? artifact)
    {
        Bundle = bundle;
        Artifact = artifact;
        SelfConsistencyOnly = trust is null;
        Log = trust?.LogOf(bundle.Leaf.Origin);
        TrustedRoot = trust?.TrustedRoot;

        if (Statement.TryParse(bundle.Envelope.Payload, out var statement, out var statementFailure)) Statement = statement;
        else StatementFailure = statementFailure;

        if (bundle.Envelope.Signatures is [var signature])
        {
            var (origin, seq, prev) = bundle.Leaf;
            Leaf = new Leaf(origin, seq, prev, Digest.Sha256(bundle.Envelope.Payload), signature.KeyId, signature.Signature);
        }

        (BelievedCheckpoint, CheckpointFailure) = SelfConsistencyOnly ? ReadUnverified(bundle.Checkpoint) : Believe(bundle.Checkpoint);
        Anchors = BundleAnchors.OfCheckpoint(this);
        PayloadAnchors = BundleAnchors.OfPayload(this);
    }

    public Bundle Bundle { get; }

    public Digest? Artifact { get; }

    /// <summary>True without a trust file: then signatures are absent and sizes and roots are taken as the bundle says them.</summary>
    public bool SelfConsistencyOnly { get; }

    /// <summary>The log the bundle claims to be of, as the trust file knows it.</summary>
    public TrustLog? Log { get; }

    /// <summary>The transparency logs and timestamp authorities that are believed.</summary>
    public TrustedRoot? TrustedRoot { get; }

    /// <summary>The statement, well formed; whether it is signed is the statement-signature step's business.</summary>
    public Statement? Statement { get; }

    /// <summary>Why <see cref="Statement"/> is null.</summary>
    public FailureCode StatementFailure { get; }

    /// <summary>The leaf rebuilt from envelope and position; null unless the envelope has exactly one signature.</summary>
    public Leaf? Leaf { get; }

    /// <summary>The checkpoint, its signature verified by a key that is valid at its size.</summary>
    public Checkpoint? BelievedCheckpoint { get; }

    /// <summary>Why <see cref="BelievedCheckpoint"/> is null.</summary>
    public FailureCode? CheckpointFailure { get; }

    /// <summary>The origin in the note's first line; null when the note cannot be read.</summary>
    public string? UnverifiedOrigin { get; private set; }

    /// <summary>The anchors of the checkpoint.</summary>
    public BundleAnchors Anchors { get; }

    /// <summary>The anchors of the payload's digest; they say nothing about the checkpoint.</summary>
    public BundleAnchors PayloadAnchors { get; }

    private (Checkpoint?, FailureCode?) ReadUnverified(string text)
    {
        if (!CheckpointKeys.TryParseUnverified(text, out _, out var checkpoint, out var failure)) return (null, failure);
        UnverifiedOrigin = checkpoint.Origin;
        return (checkpoint, null);
    }

    private (Checkpoint?, FailureCode?) Believe(string text)
    {
        if (!CheckpointKeys.TryParseUnverified(text, out var note, out var checkpoint, out var failure)) return (null, failure);
        UnverifiedOrigin = checkpoint.Origin;
        if (Log is null) return (null, FailureCode.OriginUnknown);
        return CheckpointKeys.Verify(Log, note, checkpoint) is { } code ? (null, code) : (checkpoint, null);
    }
}
