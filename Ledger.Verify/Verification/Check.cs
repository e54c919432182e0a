namespace Ledger.Verify.Verification;

/// <summary>What came of one check.</summary>
public enum CheckOutcome
{
    /// <summary>The part is there and right.</summary>
    Pass,

    /// <summary>The part is there and wrong, or cannot be judged; nothing may be concluded from it.</summary>
    Fail,

    /// <summary>The part is not there, or was not asked for. Never used for a part that is there and was skipped.</summary>
    Absent,
}

/// <summary>One line of a report.</summary>
/// <param name="Name">One of <see cref="CheckNames"/>.</param>
/// <param name="Outcome">Pass, fail or absent.</param>
/// <param name="Code">Why it failed; set exactly when <paramref name="Outcome"/> is <see cref="CheckOutcome.Fail"/>.</param>
public sealed record Check(string Name, CheckOutcome Outcome, FailureCode? Code)
{
    /// <summary>A check that passed.</summary>
    public static Check Pass(string name) => new(name, CheckOutcome.Pass, null);

    /// <summary>A check that failed for the given reason.</summary>
    public static Check Fail(string name, FailureCode code) => new(name, CheckOutcome.Fail, code);

    /// <summary>A check of something that is not there.</summary>
    public static Check Absent(string name) => new(name, CheckOutcome.Absent, null);

    /// <summary>The line the tool prints: <c>inclusion fail proof-too-long</c>.</summary>
    public override string ToString() => Outcome switch
    {
        CheckOutcome.Pass => $"{Name} pass",
        CheckOutcome.Absent => $"{Name} absent",
        _ => Code is { } code ? $"{Name} fail {code.Text()}" : $"{Name} fail",
    };
}
