using Ledger.Core.Problems;

namespace Ledger.Api.Problems;

/// <summary>A problem with members of its own kind, returned where it is an answer rather than the end of the road.</summary>
internal sealed class ProblemResult(LedgerProblem problem, Func<ProblemBody, ProblemBody> extend) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        ProblemAnswer.WriteAsync(httpContext, extend(ProblemBody.Of(httpContext, problem)));
}
