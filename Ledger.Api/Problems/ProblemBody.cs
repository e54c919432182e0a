using System.Text.Json.Serialization;
using Ledger.Core.Problems;
using Ledger.ServiceDefaults.Operations;

namespace Ledger.Api.Problems;

/// <summary>RFC 9457. <c>type</c> is <c>urn:ledger:problem:&lt;slug&gt;</c>; docs/problems.md lists all slugs.</summary>
/// <param name="Title">What the type means; the same for every occurrence.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Field">The member, parameter or header at fault.</param>
/// <param name="MismatchReason">fact_chain_mismatch only.</param>
/// <param name="ChainSeq">fact_chain_mismatch only: the first seq that does not verify.</param>
public sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string? Field = null, string? RequestId = null, string? TraceId = null,
    string? MismatchReason = null, long? ChainSeq = null)
{
    /// <summary>Not in the body: seconds for Retry-After.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Of one item of a batch: the request's ids would make two answers to one Idempotency-Key differ.</summary>
    public static ProblemBody OfItem(LedgerProblem problem) =>
        new(problem.Type.Urn, problem.Type.Meaning, problem.Type.Status, problem.Detail,
            problem.Field) { RetryAfterSeconds = problem.RetryAfterSeconds ?? problem.Type.RetryAfterSeconds };

    public static ProblemBody Of(HttpContext context, LedgerProblem problem) =>
        OfItem(problem) with { RequestId = context.RequestId(), TraceId = context.TraceId() };
}
