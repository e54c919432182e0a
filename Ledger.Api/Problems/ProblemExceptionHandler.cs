using System.Net.Sockets;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace Ledger.Api.Problems;

/// <summary>What an exception tells the caller: its problem where it is one, the system behind that failed, or a fault of ours. Never its
/// text.</summary>
internal sealed class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // A caller who went away while sending shows as a broken stream: that is no outage of the store of marks.
        if (exception is OperationCanceledException or IOException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }
        var problem = Of(exception);
        if (problem.Type == ProblemTypes.Internal) log.LogError(exception, "request {RequestId} failed", httpContext.TraceIdentifier);
        else if (problem.Type.Status >= 500)
            log.LogWarning("request {RequestId}: {Problem}: {Reason}", httpContext.TraceIdentifier, problem.Type,
                (exception.InnerException ?? exception).Message);
        await ProblemAnswer.WriteAsync(httpContext, problem);
        return true;
    }

    internal static LedgerProblem Of(Exception exception) => exception switch
    {
        LedgerProblemException known => known.Problem,
        BadHttpRequestException bad => ProblemAnswer.OfStatus(bad.StatusCode),
        // LG001 and its like are our own guards: a fault of ours, not an outage.
        PostgresException { IsTransient: false } refused when !IsOutage(refused.SqlState) => Internal,
        DatabaseAwayException away => new(ProblemTypes.DatabaseUnavailable, "The database cannot be reached.")
        {
            RetryAfterSeconds = (int)Math.Ceiling(Math.Max(1, (away.RetryAfter ?? DatabaseResilience.Break).TotalSeconds)),
        },
        NpgsqlException or SocketException or TimeoutException =>
            new(ProblemTypes.DatabaseUnavailable,
            "The database cannot be reached. An append may or may not be stored: repeat it with the same Idempotency-Key."),
        IOException => new(ProblemTypes.StorageUnavailable, "The store of high-water marks cannot be reached; nothing was written."),
        _ => Internal,
    };

    private static readonly LedgerProblem Internal = new(ProblemTypes.Internal,
        "A fault of the ledger itself; the request id finds it in the log.");

    /// <summary>Classes 08 (connection), 53 (resources), 57 (shut down, cancelled), 25006 (a standby) and 28/3D (a server being set up):
    /// waiting helps.</summary>
    private static bool IsOutage(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
            || state.StartsWith("57", StringComparison.Ordinal)
        || state.StartsWith("28", StringComparison.Ordinal) || state.StartsWith("3D", StringComparison.Ordinal) || state == "25006";
}
