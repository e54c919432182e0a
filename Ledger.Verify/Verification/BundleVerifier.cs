using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Verification;

/// <summary>
/// Judges bundles by the keys of one trust file. What to believe is fixed here; what to ask for beyond "nothing is wrong" is the
/// <see cref="TrustPolicy"/> of each call. Pure: no file, no network, no clock. Safe for use from many threads.
/// </summary>
public sealed class BundleVerifier
{
    // Every step runs, whatever came before it: a report names all that is wrong. A step that needs another's result asks the evidence
    // for it, and the evidence hands out sizes and roots only from a checkpoint whose signature it has verified.
    private static readonly (string Name, Func<BundleEvidence, Result> Run)[] Steps =
    [
        (CheckNames.PayloadDigest, PayloadDigest),
        (CheckNames.StatementSignature, StatementSignature),
        (CheckNames.Leaf, LeafBelongs),
        (CheckNames.Inclusion, Inclusion),
        (CheckNames.CheckpointSignature, CheckpointSignature),
        (CheckNames.Meta, Meta),
        (CheckNames.AnchorSignature, evidence => evidence.Anchors.Of(CheckNames.AnchorSignature)),
        (CheckNames.LogInclusion, evidence => evidence.Anchors.Of(CheckNames.LogInclusion)),
        (CheckNames.LogCheckpointSignature, evidence => evidence.Anchors.Of(CheckNames.LogCheckpointSignature)),
        (CheckNames.Set, evidence => evidence.Anchors.Of(CheckNames.Set)),
        (CheckNames.Timestamp, evidence => evidence.Anchors.Of(CheckNames.Timestamp)),
        (CheckNames.PayloadAnchor, evidence => evidence.PayloadAnchors.Whole()),
    ];

    private readonly TrustFile? _trust;

    /// <summary>A verifier that believes the keys of <paramref name="trust"/> and nothing else.</summary>
    public BundleVerifier(TrustFile trust)
    {
        ArgumentNullException.ThrowIfNull(trust);
        _trust = trust;
    }

    private BundleVerifier() => _trust = null;

    /// <summary>
    /// A verifier without any key: it sees only whether the parts of a bundle agree with each other, signatures stay absent, and the
    /// best verdict is <see cref="Verdict.SelfConsistentOnly"/>.
    /// </summary>
    public static BundleVerifier WithoutTrustUnsafe() => new();

    /// <summary>Runs all steps on one bundle.</summary>
    /// <param name="bundle">The bundle, as read.</param>
    /// <param name="policy">What to ask for; the trust file's own policy unless the caller has reason to differ.</param>
    /// <param name="artifact">SHA-256 of the payload the caller holds; null leaves <c>payload-digest</c> absent.</param>
    public VerificationReport Verify(Bundle bundle, TrustPolicy policy, Digest? artifact = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(policy);
        var evidence = new BundleEvidence(bundle, _trust, artifact);
        var checks = Array.ConvertAll(Steps, step => step.Run(evidence).As(step.Name));
        return Judge(checks, evidence.Anchors, policy);
    }

    private VerificationReport Judge(Check[] checks, BundleAnchors seen, TrustPolicy policy)
    {
        if (VerificationReport.AnyFailed(checks)) return new(checks, Verdict.Failed, PolicySatisfied: false);
        if (_trust is null) return new(checks, Verdict.SelfConsistentOnly, PolicySatisfied: false);

        var (anchors, timestamps) = (seen.Witnesses, seen.Timestamps);
        var content = anchors >= policy.Anchors && timestamps >= policy.Timestamps;
        var verdict = content && anchors > 0 ? Verdict.Verified : Verdict.VerifiedNotAnchored;
        return new(checks, verdict, content, anchors, timestamps);
    }

    private static Result PayloadDigest(BundleEvidence evidence)
    {
        if (evidence.Artifact is not { } artifact) return Result.Absent;
        if (evidence.Statement is not { } statement) return evidence.StatementFailure;
        return artifact == statement.PayloadHash ? Result.Pass : FailureCode.ArtifactMismatch;
    }

    private static Result StatementSignature(BundleEvidence evidence)
    {
        var envelope = evidence.Bundle.Envelope;
        if (envelope.PayloadType != Dsse.InTotoPayloadType) return FailureCode.PayloadTypeUnknown;
        if (envelope.Signatures.Count != 1) return FailureCode.SignatureCount;
        if (evidence.SelfConsistencyOnly) return evidence.Statement is null ? evidence.StatementFailure : Result.Absent;
        if (evidence.Log is not { } log) return FailureCode.OriginUnknown;

        var signature = envelope.Signatures[0];
        var failure = EntryKeys.Verify(log, evidence.Bundle.Leaf.Seq, signature.KeyId, envelope.Payload, signature.Signature);
        if (failure is { } code) return code;
        return evidence.Statement is null ? evidence.StatementFailure : Result.Pass;
    }

    private static Result LeafBelongs(BundleEvidence evidence)
    {
        var (origin, seq, _) = evidence.Bundle.Leaf;
        if (evidence.Leaf is null) return FailureCode.SignatureCount;
        if (evidence.Bundle.Proof.LeafIndex != seq) return FailureCode.LeafIndexMismatch;
        if (evidence.UnverifiedOrigin is { } claimed && claimed != origin) return FailureCode.OriginMismatch;
        if (evidence.Statement is not { } statement) return evidence.StatementFailure;
        if (!LogOrigin.Fits(statement.PredicateType, origin, statement.Tenant, seq)) return FailureCode.EpochMisplaced;
        if (evidence.SelfConsistencyOnly) return Result.Pass;
        if (evidence.Log is not { } log) return FailureCode.OriginUnknown;
        return statement.Tenant == log.Tenant ? Result.Pass : FailureCode.TenantMismatch;
    }

    private static Result Inclusion(BundleEvidence evidence)
    {
        if (evidence.Leaf is not { } leaf) return FailureCode.SignatureCount;
        if (evidence.BelievedCheckpoint is not { } checkpoint) return FailureCode.CheckpointNotVerified;
        var proof = evidence.Bundle.Proof;
        return InclusionProof.Check(leaf.Hash(), proof.LeafIndex, checkpoint.Size, proof.Hashes, checkpoint.Root) is { } code
            ? code : Result.Pass;
    }

    private static Result CheckpointSignature(BundleEvidence evidence)
    {
        if (evidence.CheckpointFailure is { } code) return code;
        return evidence.SelfConsistencyOnly ? Result.Absent : Result.Pass;
    }

    private static Result Meta(BundleEvidence evidence)
    {
        if (evidence.Bundle.Meta is not { } meta) return Result.Absent;
        if (evidence.Statement is not { } statement) return evidence.StatementFailure;
        return MetaCommitment.Of(meta.Value, meta.Salt) == statement.MetaCommitment ? Result.Pass : FailureCode.MetaMismatch;
    }
}
