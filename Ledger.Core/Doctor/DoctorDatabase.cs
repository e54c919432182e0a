using System.Net.Sockets;
using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.Doctor;

/// <summary>The database in a role that reads across tenants: the operators' in the API, the workers' in a command.</summary>
public sealed class DoctorDatabase(LedgerDatabase database)
{
    /// <summary>The name of the check that looks at the database itself.</summary>
    public const string Check = "database";

    public LedgerDatabase Database => database;

    /// <summary>How long one reading may take: less than any check, so that a database that hangs is told once, by its own line.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>Reads in one transaction, which is rolled back.</summary>
    /// <param name="tenant">Null: across tenants.</param>
    /// <param name="read">Run again on another connection where the first one was dead.</param>
    /// <exception cref="PrerequisiteException">The database does not answer, or does not let this login in.</exception>
    public async Task<T> ReadAsync<T>(TenantId? tenant, Func<LedgerTransaction, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            try
            {
                return await ReadOnceAsync(tenant, read, patience.Token);
            }
            // A pool's connection may be of a server that was restarted since.
            catch (Exception e) when (DatabaseFaults.IsLostConnection(e))
            {
                return await ReadOnceAsync(tenant, read, patience.Token);
            }
        }
        catch (Exception e) when (DatabaseFaults.IsAbsent(e))
        {
            throw new PrerequisiteException(Check, $"the database cannot be reached: {Examination.Reason(e)}", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new PrerequisiteException(Check, $"the database gave no answer within {Patience.TotalSeconds:0} s", e);
        }
    }

    private async Task<T> ReadOnceAsync<T>(
        TenantId? tenant, Func<LedgerTransaction, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        LedgerTransaction transaction;
        try
        {
            transaction = tenant is { } one ? await database.BeginAsync(one, cancel) : await database.BeginAcrossTenantsAsync(cancel);
        }
        catch (Exception e) when (!DatabaseFaults.IsLostConnection(e)
            && e is (NpgsqlException or SocketException or TimeoutException or InvalidOperationException))
        {
            throw new PrerequisiteException(Check, $"the database cannot be reached: {Examination.Reason(e)}", e);
        }
        await using (transaction)
        {
            return await read(transaction, cancel);
        }
    }

    /// <summary>The rows of one query across tenants.</summary>
    public Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancel,
        params NpgsqlParameter[] parameters) => ReadAsync(null, async (transaction, token) =>
    {
        var rows = new List<T>();
        // A parameter belongs to one command.
        await using var reader = await transaction.QueryAsync(sql, token, [.. parameters.Select(one => one.Clone())]);
        while (await reader.ReadAsync(token)) rows.Add(row(reader));
        return rows;
    }, cancel);
}
