using System.Net.Sockets;
using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Workers.Operations;

/// <summary>What an orchestrator asks: <c>/alive</c> of the process, <c>/health</c> of the database behind it. They say no more than
/// that.</summary>
internal static class Probes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapProbes(this WebApplication app)
    {
        app.MapGet("/alive", () => "alive");
        app.MapGet("/health", HealthAsync);
    }

    private static async Task<IResult> HealthAsync(LedgerDatabase database, TimeProvider time, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await using var transaction = await database.BeginAcrossTenantsAsync(both.Token);
            await using var reader = await transaction.QueryAsync("SELECT 1", both.Token);
            return Results.Json(new { status = "healthy", database = "ok" });
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or SocketException)
        {
            return Results.Json(new { status = "unhealthy", database = "down" }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
