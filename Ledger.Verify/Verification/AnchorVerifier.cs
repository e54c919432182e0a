using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Verification;

/// <summary>What came of one anchor.</summary>
/// <param name="Checks"><c>anchor-signature</c>, <c>log-inclusion</c>, <c>log-checkpoint-signature</c>, <c>set</c>,
/// <c>timestamp</c>.</param>
/// <param name="Witness">The log that holds it; null unless none of the checks failed.</param>
/// <param name="LogIndex">The entry's index there, the global one on v1; 0 without a witness.</param>
/// <param name="TimestampedBy">Distinct authorities whose timestamps are right, each by the SHA-256 of its leaf certificate.</param>
public sealed record AnchorReport(IReadOnlyList<Check> Checks, Digest? Witness, long LogIndex, IReadOnlyList<Digest> TimestampedBy)
{
    /// <summary>The first failure, or null.</summary>
    public FailureCode? Failure => Checks.FirstOrDefault(check => check.Outcome == CheckOutcome.Fail)?.Code;
}

/// <summary>
/// Judges Sigstore bundles as anchors: stricter than cosign, since here every byte must mean something. Pure, safe for use from many
/// threads.
/// </summary>
/// <param name="root">The logs and timestamp authorities to believe; null believes none, so that every anchor fails.</param>
public sealed class AnchorVerifier(TrustedRoot? root)
{
    /// <summary>Judges one anchor.</summary>
    /// <param name="bundle">A Sigstore bundle v0.3, exactly in its RFC 8785 form.</param>
    /// <param name="digest">What must be anchored: SHA-256 of a checkpoint's body, or of a payload.</param>
    /// <param name="keys">PEM of the keys that may have signed it.</param>
    /// <param name="otherKeys">PEM of the keys of the other purpose: named apart when one of them has signed.</param>
    public AnchorReport Verify(
        ReadOnlySpan<byte> bundle, Digest digest, IReadOnlyList<string> keys, IReadOnlyList<string> otherKeys) =>
        Verify(bundle, digest, new AnchorKeys(keys, otherKeys));

    internal AnchorReport Verify(ReadOnlySpan<byte> bundle, Digest digest, AnchorKeys keys)
    {
        var anchor = new AnchorEvidence(bundle, digest, root, keys);
        var checks = Array.ConvertAll(AnchorSteps.All, step => step.Run(anchor).As(step.Name));
        return VerificationReport.AnyFailed(checks)
            ? new AnchorReport(checks, null, 0, [])
            : new AnchorReport(checks, anchor.Entry.LogId, anchor.Entry.LogIndex, [.. anchor.StampedBy]);
    }
}
