namespace Ledger.Verify.Verification;

/// <summary>What a step says, before it is given its name. A bare <see cref="FailureCode"/> is a failure.</summary>
internal readonly record struct Result(CheckOutcome Outcome, FailureCode? Code)
{
    public static Result Pass => new(CheckOutcome.Pass, null);

    public static Result Absent => new(CheckOutcome.Absent, null);

    public static implicit operator Result(FailureCode code) => new(CheckOutcome.Fail, code);

    /// <summary>Passes when there is no failure.</summary>
    public static Result Of(FailureCode? failure) => failure is { } code ? code : Pass;

    public Check As(string name) => new(name, Outcome, Code);
}
