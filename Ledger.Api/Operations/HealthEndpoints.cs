using Ledger.Core.Anchoring;
using Ledger.Core.Tenancy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Operations;

/// <summary>Probes. They say no more than their shape: each dependency's state is for operators.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var operations = app.MapGroup("").AllowAnonymous().WithoutRateLimit().WithTags("Operations");
        operations.MapRead("/health", HealthAsync).WithName("get-health").WithSummary("200 while the database answers, 503 without it.")
            .Produces<Health>().Produces<Health>(StatusCodes.Status503ServiceUnavailable);
        operations.MapRead("/alive", () => TypedResults.Text("alive")).WithName("get-alive").WithSummary("200 while the process answers.");
    }

    private static async Task<JsonHttpResult<Health>> HealthAsync(DatabaseProbe database, MarksProbe marks, RekorProbe rekor,
        HttpResponse response, CancellationToken cancel)
    {
        response.Headers.CacheControl = "no-store";
        var asked = rekor.AnswersAsync(cancel); // while the database is asked
        var hasDatabase = await database.AnswersAsync(cancel);
        var logsAnswer = await asked;
        if (!hasDatabase)
            return TypedResults.Json(new Health("unhealthy", "down", logsAnswer), statusCode: StatusCodes.Status503ServiceUnavailable);
        // Where no transparency log is configured nobody waits for one: its absence degrades nothing.
        var isWhole = await marks.AnswersAsync(cancel) && (logsAnswer || !rekor.HasLogs);
        return TypedResults.Json(new Health(isWhole ? "healthy" : "degraded", "ok", logsAnswer));
    }
}

/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Database"><c>ok</c> or <c>down</c>.</param>
/// <param name="Rekor">Whether every configured transparency log answers; false where none is configured.</param>
public sealed record Health(string Status, string Database, bool Rekor);
