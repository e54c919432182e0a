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

    /// <summary>Reads in one transaction, which is rolled back.</summary>
    /// <param name="tenant">Null: across tenants.</param>
    /// <exception cref="PrerequisiteException">The database does not answer, or does not let this login in.</exception>
    public async Task<T> ReadAsync<T>(TenantId? tenant, Func<LedgerTransaction, Task<T>> read, CancellationToken cancel)
    {
        LedgerTransaction transaction;
        try
        {
            transaction = tenant is { } one ? await database.BeginAsync(one, cancel) : await database.BeginAcrossTenantsAsync(cancel);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or InvalidOperationException)
        {
            throw new PrerequisiteException(Check, $"the database cannot be reached: {Examination.Reason(e)}", e);
        }
        await using (transaction)
        {
            return await read(transaction);
        }
    }

    /// <summary>The rows of one query across tenants.</summary>
    public Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancel,
        params NpgsqlParameter[] parameters) => ReadAsync(null, async transaction =>
    {
        var rows = new List<T>();
        await using var reader = await transaction.QueryAsync(sql, cancel, parameters);
        while (await reader.ReadAsync(cancel)) rows.Add(row(reader));
        return rows;
    }, cancel);
}
