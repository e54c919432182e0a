namespace Ledger.Verify.Verification;

/// <summary>What a report comes down to.</summary>
public enum Verdict
{
    /// <summary>Everything present is right, and the trust policy is satisfied.</summary>
    Verified,

    /// <summary>Everything present is right, but nobody outside the operator has seen this checkpoint.</summary>
    VerifiedNotAnchored,

    /// <summary>The parts agree with each other; no trusted key was given, so anybody could have made them.</summary>
    SelfConsistentOnly,

    /// <summary>Something present is wrong, whatever the options say.</summary>
    Failed,
}

/// <summary>How verdicts are printed.</summary>
public static class VerdictSpelling
{
    /// <summary>The words after <c>verdict </c> in the last line of a report.</summary>
    public static string Spelled(this Verdict verdict) => verdict switch
    {
        Verdict.Verified => "verified",
        Verdict.VerifiedNotAnchored => "verified-not-anchored",
        Verdict.SelfConsistentOnly => "self-consistent only",
        _ => "failed",
    };
}
