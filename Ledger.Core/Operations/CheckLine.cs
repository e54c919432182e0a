namespace Ledger.Core.Operations;

/// <summary>How a check went.</summary>
public enum CheckOutcome
{
    /// <summary>As it should be.</summary>
    Pass,

    /// <summary>It works; somebody should look before it does not.</summary>
    Warn,

    /// <summary>It does not work, or not as it must.</summary>
    Fail,

    /// <summary>It was not checked: it is not configured here, or what it needs failed before.</summary>
    Absent,
}

/// <param name="Check">What was checked.</param>
/// <param name="Text">For the operator: one line, no secret.</param>
public sealed record CheckLine(string Check, CheckOutcome Outcome, string Text)
{
    /// <summary>As operators read it: <c>pass</c>, <c>warn</c>, <c>fail</c>, <c>absent</c>.</summary>
    public string OutcomeName => Outcome.ToString().ToLowerInvariant();
}
