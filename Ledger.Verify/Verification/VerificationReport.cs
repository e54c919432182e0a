namespace Ledger.Verify.Verification;

/// <summary>The checks in their order, the verdict, and whether the policy is content with it.</summary>
/// <param name="Checks">One per step, in the verifier's order; a failed check does not hide the later ones.</param>
/// <param name="Verdict">What they come down to.</param>
/// <param name="PolicySatisfied">True when nothing failed and as many anchors and timestamps passed as the policy asks for.</param>
/// <param name="Anchors">Distinct transparency logs that hold the checkpoint; 0 when anything failed.</param>
/// <param name="Timestamps">Distinct authorities that have stamped one of its anchors; 0 when anything failed.</param>
public sealed record VerificationReport(
    IReadOnlyList<Check> Checks, Verdict Verdict, bool PolicySatisfied, int Anchors = 0, int Timestamps = 0)
{
    /// <summary>The check of that name.</summary>
    /// <exception cref="ArgumentException">No check of that name was made.</exception>
    public Check this[string name] =>
        Checks.FirstOrDefault(check => check.Name == name) ?? throw new ArgumentException($"no check '{name}' was made", nameof(name));

    /// <summary>True when at least one check failed.</summary>
    public static bool AnyFailed(IReadOnlyList<Check> checks) => checks.Any(check => check.Outcome == CheckOutcome.Fail);
}
