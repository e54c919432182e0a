namespace Ledger.Core.Problems;

/// <summary>What went wrong with one request or one item of a batch.</summary>
/// <param name="Field">The member or parameter at fault, as the caller spelled it (<c>meta</c>,
/// <c>items[3].payload</c>); null where none is.</param>
public sealed record LedgerProblem(ProblemType Type, string Detail, string? Field = null)
{
    /// <summary>Sent as Retry-After; null where the type's own holds.</summary>
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>Ends a request with a <see cref="LedgerProblem"/>. Thrown where the caller cannot go on;
/// item-level refusals are returned, not thrown.</summary>
public sealed class LedgerProblemException(LedgerProblem problem, Exception? inner = null) : Exception(problem.Detail, inner)
{
    public LedgerProblemException(ProblemType type, string detail, string? field = null) : this(new LedgerProblem(type, detail, field)) { }

    public LedgerProblem Problem { get; } = problem;
}
