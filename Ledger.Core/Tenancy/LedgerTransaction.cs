using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>An open transaction of one tenant. Its statements travel in batches; the first carries the role and the tenant along,
/// so that scope costs no round trip.</summary>
public sealed class LedgerTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly string scope;
    private bool scoped;

    internal LedgerTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, DatabaseRole role, TenantId? tenant)
    {
        this.connection = connection;
        this.transaction = transaction;
        Tenant = tenant;
        // A literal, not a parameter: SET takes none, and set_config() is not propagated by Citus.
        // TenantId checked its pattern; again here, where it counts.
        var name = tenant is null ? "" : TenantId.Parse(tenant.Value.Value).Value;
        scope = $"SET LOCAL ROLE {role.SqlName()}; SET LOCAL search_path = ledger, public; SET LOCAL ledger.tenant = '{name}'";
    }

    public TenantId? Tenant { get; }

    /// <summary>A batch of this transaction. Add commands with <see cref="Sql.Add"/>, then execute it.</summary>
    public NpgsqlBatch Batch()
    {
        var batch = new NpgsqlBatch(connection, transaction);
        if (!scoped)
        {
            foreach (var statement in scope.Split("; ")) batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
            scoped = true;
        }
        return batch;
    }

    /// <summary>Runs one statement and returns the number of rows it touched.</summary>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var batch = Batch().Add(sql, parameters);
        await batch.ExecuteNonQueryAsync(cancel);
        return (int)batch.BatchCommands[^1].RecordsAffected;
    }

    /// <summary>Runs one query; the reader ends before the transaction's next statement.</summary>
    public async Task<NpgsqlDataReader> QueryAsync(string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        var batch = Batch().Add(sql, parameters);
        return await batch.ExecuteReaderAsync(cancel);
    }

    public Task CommitAsync(CancellationToken cancel) => transaction.CommitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
