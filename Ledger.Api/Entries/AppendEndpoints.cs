using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Entries;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Entries;

/// <summary>Writing entries.</summary>
internal static class AppendEndpoints
{
    public static void MapAppend(this IEndpointRouteBuilder app)
    {
        var append = app.MapGroup("/append").RequireAuthorization(Policies.Writer).WithTags("Entries").WithStrictQuery();
        append.MapPost("", AppendAsync).WithName("append").WithSummary("Append one entry; the answer is its receipt.")
            .Accepts<AppendRequest>("application/json").Produces<ReceiptBody>(StatusCodes.Status201Created).WithIdempotencyKey();
        append.MapPost("/batch", AppendBatchAsync).WithName("append-batch")
            .WithSummary("Append up to 1 000 entries in one transaction; a result per item.")
            .Accepts<BatchRequest>("application/json").WithIdempotencyKey();
    }

    private static async Task<ReceiptResult> AppendAsync(CurrentTenant tenant, HttpRequest request, Appender appender, EntryJson json,
        CancellationToken cancel)
    {
        var body = await RequestBody.ReadAsync(request, AppendLimits.SingleBodyBytes, cancel);
        var claim = RequestBody.Claim(request, tenant.Principal, "/append", body);
        var entry = await appender.AppendAsync(tenant.Id, AppendBody.ReadOne(body.Span), claim, cancel);
        return new ReceiptResult(await json.ReceiptAsync(entry, cancel));
    }

    private static async Task<Ok<BatchAnswer>> AppendBatchAsync(CurrentTenant tenant, HttpRequest request, Appender appender,
        EntryJson json, CancellationToken cancel)
    {
        var body = await RequestBody.ReadAsync(request, AppendLimits.BatchBodyBytes, cancel);
        var claim = RequestBody.Claim(request, tenant.Principal, "/append/batch", body);
        var results = await appender.AppendBatchAsync(tenant.Id, AppendBody.ReadBatch(body.Span), claim, cancel);

        var answers = new BatchResult[results.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = results[i] switch
            {
                { Entry: { } entry } => new BatchResult(StatusCodes.Status201Created,
                    Entry: EntryJson.BodyOf(await json.ReceiptAsync(entry, cancel))),
                { Problem: { } problem } => new BatchResult(problem.Type.Status, Problem: ProblemBody.OfItem(problem)),
                _ => throw new InvalidOperationException("A result is an entry or a problem."),
            };
        }
        return TypedResults.Ok(new BatchAnswer(answers));
    }
}
