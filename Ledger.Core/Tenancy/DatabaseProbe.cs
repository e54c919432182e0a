using System.Net.Sockets;
using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>Whether the database answers, asked over the same pool and in the same role as every request.</summary>
public sealed class DatabaseProbe(LedgerDatabase database, TimeProvider time)
{
    /// <summary>A probe that waits longer than its prober says nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await using var transaction = await database.BeginAcrossTenantsAsync(either.Token);
            await using var reader = await transaction.QueryAsync("SELECT 1", either.Token);
            return await reader.ReadAsync(either.Token);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }
}
