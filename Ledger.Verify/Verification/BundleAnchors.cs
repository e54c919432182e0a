using System.Text;
using Ledger.Verify.Checkpoints;

namespace Ledger.Verify.Verification;

/// <summary>The anchors of one bundle, judged once and asked by each of the steps over them.</summary>
internal sealed class BundleAnchors
{
    private readonly IReadOnlyList<AnchorReport> _reports;
    private readonly FailureCode? _failure;

    private BundleAnchors(IReadOnlyList<AnchorReport> reports, FailureCode? failure = null) => (_reports, _failure) = (reports, failure);

    /// <summary>Distinct logs that hold the checkpoint: the same log twice is one witness.</summary>
    public int Witnesses => _reports.Select(report => report.Witness).Where(log => log is not null).Distinct().Count();

    /// <summary>Distinct authorities that have stamped an anchor.</summary>
    public int Timestamps => _reports.SelectMany(report => report.TimestampedBy).Distinct().Count();

    /// <summary>Anchors over the text of this bundle's note, by the log's anchor keys.</summary>
    public static BundleAnchors OfCheckpoint(BundleEvidence evidence)
    {
        if (evidence.Bundle.Anchors is not { } anchors) return new([]);
        if (!Note.TryParse(evidence.Bundle.Checkpoint, out var note, out var failure)) return new([], failure);
        var digest = Digest.Sha256(Encoding.UTF8.GetBytes(note.Text));
        return Judge(evidence, anchors, digest, log => new AnchorKeys(log.AnchorKeys, log.PayloadKeys ?? []));
    }

    /// <summary>Anchors over the entry's payload hash, by the log's payload keys.</summary>
    public static BundleAnchors OfPayload(BundleEvidence evidence)
    {
        if (evidence.Bundle.PayloadAnchors is not { } anchors) return new([]);
        if (evidence.Statement is not { } statement) return new([], evidence.StatementFailure);
        return Judge(evidence, anchors, statement.PayloadHash, log => new AnchorKeys(log.PayloadKeys ?? [], log.AnchorKeys));
    }

    /// <summary>One check over all anchors: it fails with the first that fails, and is absent where no anchor has that part.</summary>
    public Result Of(string check)
    {
        if (_failure is { } failure) return failure;
        var results = _reports.Select(report => report.Checks.First(one => one.Name == check)).ToArray();
        if (results.FirstOrDefault(one => one.Outcome == CheckOutcome.Fail) is { } failed) return failed.Code!.Value;
        return results.Any(one => one.Outcome == CheckOutcome.Pass) ? Result.Pass : Result.Absent;
    }

    /// <summary>Everything about these anchors as one check.</summary>
    public Result Whole()
    {
        if (_failure is { } failure) return failure;
        if (_reports.Count == 0) return Result.Absent;
        return Result.Of(_reports.Select(report => report.Failure).FirstOrDefault(code => code is not null));
    }

    private static BundleAnchors Judge(
        BundleEvidence evidence, IReadOnlyList<byte[]> anchors, Digest digest, Func<TrustLog, AnchorKeys> keysOf)
    {
        if (evidence.SelfConsistencyOnly) return new([], FormFailure(anchors, digest));
        if (evidence.Log is not { } log) return new([], FailureCode.OriginUnknown);
        var verifier = new AnchorVerifier(evidence.TrustedRoot);
        var keys = keysOf(log);
        return new([.. anchors.Select(anchor => verifier.Verify(anchor, digest, keys))]);
    }

    /// <summary>What shows without any key: an anchor that cannot be read, or that is over something else.</summary>
    private static FailureCode? FormFailure(IReadOnlyList<byte[]> anchors, Digest digest)
    {
        foreach (var anchor in anchors)
        {
            if (!AnchorEvidence.TryRead(anchor, out var bundle, out var failure)) return failure;
            if (bundle!.Message!.Digest != digest) return FailureCode.AnchorDigestMismatch;
        }

        return null;
    }
}
