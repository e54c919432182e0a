using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>
/// Judges receipts: did that key sign that statement, and is every other field what follows from it. A receipt proves nothing about the
/// position it names: no checkpoint covers it yet. Pure, safe for use from many threads.
/// </summary>
public sealed class ReceiptVerifier
{
    private static readonly (string Name, Func<Evidence, Result> Run)[] Steps =
    [
        (CheckNames.PayloadDigest, PayloadDigest),
        (CheckNames.ReceiptFields, Fields),
        (CheckNames.StatementSignature, StatementSignature),
        (CheckNames.EntryKey, EntryKey),
    ];

    private readonly TrustFile? _trust;

    /// <summary>A verifier that believes the keys of <paramref name="trust"/> and nothing else.</summary>
    public ReceiptVerifier(TrustFile trust)
    {
        ArgumentNullException.ThrowIfNull(trust);
        _trust = trust;
    }

    private ReceiptVerifier() => _trust = null;

    /// <summary>A verifier that takes the receipt's own key: anybody can make a receipt that passes.
    /// At best <see cref="Verdict.SelfConsistentOnly"/>.</summary>
    public static ReceiptVerifier WithoutTrustUnsafe() => new();

    /// <summary>Runs all steps on one receipt.</summary>
    /// <param name="receipt">The receipt, as read.</param>
    /// <param name="artifact">SHA-256 of the payload the caller holds; null leaves <c>payload-digest</c> absent.</param>
    public VerificationReport Verify(Receipt receipt, Digest? artifact = null)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var evidence = new Evidence(receipt, _trust, artifact);
        var checks = Array.ConvertAll(Steps, step => step.Run(evidence).As(step.Name));
        var passed = !VerificationReport.AnyFailed(checks);
        var best = _trust is null ? Verdict.SelfConsistentOnly : Verdict.Verified;
        return new VerificationReport(checks, passed ? best : Verdict.Failed, PolicySatisfied: passed);
    }

    // The receipt's payload_hash is the statement's: receipt-fields says so, or fails.
    private static Result PayloadDigest(Evidence evidence) => evidence.Artifact is not { } artifact
        ? Result.Absent
        : artifact == evidence.Receipt.PayloadHash ? Result.Pass : FailureCode.ArtifactMismatch;

    private static Result Fields(Evidence evidence)
    {
        var receipt = evidence.Receipt;
        if (receipt.Rebuilds(out var statement) is { } code) return code;
        var fits = LogOrigin.Fits(statement.PredicateType, receipt.Origin, statement.Tenant, receipt.ChainSeq);
        return fits ? Result.Pass : FailureCode.EpochMisplaced;
    }

    private static Result StatementSignature(Evidence evidence)
    {
        var receipt = evidence.Receipt;
        var signed = Ed25519.Verify(receipt.PublicKey, Dsse.Pae(Dsse.InTotoPayloadType, receipt.Statement), receipt.Signature);
        return signed ? Result.Pass : FailureCode.StatementSignatureInvalid;
    }

    private static Result EntryKey(Evidence evidence)
    {
        if (evidence.Trust is not { } trust) return Result.Absent;
        var receipt = evidence.Receipt;
        if (trust.LogOf(receipt.Origin) is not { } log) return FailureCode.OriginUnknown;
        if (log.Tenant != receipt.Tenant) return FailureCode.TenantMismatch;
        return Result.Of(EntryKeys.CheckPublicKey(log, receipt.ChainSeq, receipt.KeyId, receipt.PublicKey));
    }

    private sealed record Evidence(Receipt Receipt, TrustFile? Trust, Digest? Artifact);
}
