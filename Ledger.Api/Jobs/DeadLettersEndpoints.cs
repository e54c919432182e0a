using Ledger.Api.Entries;
using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Jobs;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Jobs;

/// <summary>What operators do with jobs that gave up, of every tenant.</summary>
internal static class DeadLettersEndpoints
{
    public static void MapDeadLetters(this IEndpointRouteBuilder app)
    {
        var letters = app.MapGroup("/admin/api/v1/dead-letters").RequireAuthorization(Policies.PlatformAdmin).WithTags("Operations")
            .WithStrictQuery();
        letters.MapRead("", ListAsync).WithName("list-dead-letters").WithSummary("Jobs that gave up, the latest first.");
        letters.MapPost("/{tenant}/{id}/replay", ReplayAsync).WithName("replay-dead-letter")
            .WithSummary("Try a job again, with its attempts counted anew and the bytes it froze.");
        letters.MapPost("/replay", ReplayAllAsync).WithName("replay-dead-letters")
            .WithSummary("Try all jobs again that may be, of a queue or a transparency log if named, at most 500 in one call.");
        letters.MapPost("/{tenant}/{id}/discard", DiscardAsync).WithName("discard-dead-letter")
            .WithSummary("Give a job up for good.").WithSensitive();
    }

    private static async Task<Ok<DeadLetterList>> ListAsync(
        [FromQuery] string? queue, [FromQuery] string? cursor, [FromQuery] string? limit, DeadLetters letters, CancellationToken cancel)
    {
        RequireQueue(queue);
        var page = await letters.ListAsync(queue, cursor, QueryValue.Limit(limit), cancel);
        return TypedResults.Ok(new DeadLetterList([.. page.Items.Select(DeadLetterBody.Of)], page.NextCursor));
    }

    private static async Task<NoContent> ReplayAsync(string tenant, string id, CurrentOperator who, DeadLetters letters,
        CancellationToken cancel) =>
        Answer(await letters.ReplayAsync(Tenant(tenant), EntryId.Parse(id), who.Principal, cancel));

    private static async Task<Ok<ReplayedBody>> ReplayAllAsync([FromQuery] string? queue, [FromQuery] string? log, CurrentOperator who,
        DeadLetters letters, CancellationToken cancel)
    {
        RequireQueue(queue);
        if (log is not null && !Digest.TryParseHex(log, out _))
            throw new LedgerProblemException(ProblemTypes.InvalidParameter, "'log' must be 64 lower-case hex digits.", "log");
        var done = await letters.ReplayAllAsync(queue, log, who.Principal, cancel);
        return TypedResults.Ok(new ReplayedBody(done.Replayed, done.Left));
    }

    private static void RequireQueue(string? queue)
    {
        if (queue is not null && !JobQueues.All.Contains(queue))
            throw new LedgerProblemException(ProblemTypes.InvalidParameter, $"'queue' must be one of {string.Join(", ", JobQueues.All)}.",
                "queue");
    }

    private static async Task<NoContent> DiscardAsync(string tenant, string id, CurrentOperator who, DeadLetters letters,
        CancellationToken cancel) =>
        Answer(await letters.DiscardAsync(Tenant(tenant), EntryId.Parse(id), who.Principal, cancel));

    private static TenantId Tenant(string text) =>
        TenantId.TryParse(text, out var tenant) ? tenant : throw new LedgerProblemException(ProblemAnswer.NotFound);

    private static NoContent Answer(DeadLetterOutcome outcome) => outcome.Status switch
    {
        DeadLetterStatus.Done => TypedResults.NoContent(),
        DeadLetterStatus.NotEligible => throw new LedgerProblemException(ProblemTypes.DeadLetterNotEligible,
            outcome.Refusal ?? "What the job is about no longer wants it."),
        _ => throw new LedgerProblemException(ProblemAnswer.NotFound),
    };
}
