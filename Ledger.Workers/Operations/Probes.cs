using Ledger.Core.Tenancy;

namespace Ledger.Workers.Operations;

/// <summary>What an orchestrator asks: <c>/alive</c> of the process, <c>/health</c> of the database behind it. They say no more than
/// that.</summary>
internal static class Probes
{
    public static void MapProbes(this WebApplication app)
    {
        app.MapGet("/alive", () => "alive");
        app.MapGet("/health", HealthAsync);
    }

    private static async Task<IResult> HealthAsync(DatabaseProbe database, CancellationToken cancel) => await database.AnswersAsync(cancel)
        ? Results.Json(new { status = "healthy", database = "ok" })
        : Results.Json(new { status = "unhealthy", database = "down" }, statusCode: StatusCodes.Status503ServiceUnavailable);
}
