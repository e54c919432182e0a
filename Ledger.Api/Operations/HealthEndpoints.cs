using Ledger.Core.Tenancy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Operations;

/// <summary>Probes. They say no more than their shape: each dependency's state is for operators.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var operations = app.MapGroup("").AllowAnonymous().WithTags("Operations");
        operations.MapRead("/health", HealthAsync).WithName("get-health").WithSummary("200 while the database answers, 503 without it.")
            .Produces<Health>().Produces<Health>(StatusCodes.Status503ServiceUnavailable);
        operations.MapRead("/alive", () => TypedResults.Text("alive")).WithName("get-alive").WithSummary("200 while the process answers.");
    }

    private static async Task<JsonHttpResult<Health>> HealthAsync(DatabaseProbe database, MarksProbe marks, HttpResponse response,
        CancellationToken cancel)
    {
        response.Headers.CacheControl = "no-store";
        if (!await database.AnswersAsync(cancel))
            return TypedResults.Json(new Health("unhealthy", "down", false), statusCode: StatusCodes.Status503ServiceUnavailable);
        // No transparency log is configured in this version: nobody waits for one, so its absence degrades nothing.
        return TypedResults.Json(new Health(await marks.AnswersAsync(cancel) ? "healthy" : "degraded", "ok", false));
    }
}

/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Database"><c>ok</c> or <c>down</c>.</param>
/// <param name="Rekor">Whether the configured transparency log answers; false where none is.</param>
public sealed record Health(string Status, string Database, bool Rekor);
