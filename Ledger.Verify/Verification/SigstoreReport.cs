namespace Ledger.Verify.Verification;

/// <summary>What came of one Sigstore bundle.</summary>
/// <param name="Checks">One per step, in the verifier's order.</param>
/// <param name="Verdict"><see cref="Verdict.Verified"/> or <see cref="Verdict.Failed"/>.</param>
/// <param name="Notes">
/// What is there, is not right and does not matter, as to cosign: <c>timestamp: timestamp-authority-unknown</c>.
/// </param>
public sealed record SigstoreReport(IReadOnlyList<Check> Checks, Verdict Verdict, IReadOnlyList<string> Notes)
{
    /// <summary>The check of that name.</summary>
    /// <exception cref="InvalidOperationException">No check of that name was made.</exception>
    public Check this[string name] => Checks.Single(check => check.Name == name);
}
