using Ledger.Core.Operations;

namespace Ledger.Core.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Text">One line for the operator: what is wrong and what to do about it. No secret, no person, no tenant's data.</param>
public sealed record Verdict(CheckOutcome Outcome, string Text)
{
    public static Verdict Pass(string text) => new(CheckOutcome.Pass, text);

    public static Verdict Warn(string text) => new(CheckOutcome.Warn, text);

    public static Verdict Fail(string text) => new(CheckOutcome.Fail, text);

    public static Verdict Absent(string text) => new(CheckOutcome.Absent, text);

    /// <summary>The worst that was found, all that was found so bad in its text; a pass where nothing was.</summary>
    /// <param name="wellText">What a pass says.</param>
    public static Verdict Worst(IReadOnlyCollection<Verdict> found, string wellText)
    {
        foreach (var outcome in new[] { CheckOutcome.Fail, CheckOutcome.Warn })
        {
            var all = found.Where(one => one.Outcome == outcome).Select(one => one.Text).ToList();
            if (all.Count > 0) return new Verdict(outcome, string.Join("; ", all));
        }
        return Pass(wellText);
    }
}

/// <summary>A check could not be made because what another one looks at does not work: told once, there.</summary>
/// <param name="check">The name of the other.</param>
public sealed class PrerequisiteException(string check, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Check { get; } = check;
}
