using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>An open transaction of one tenant. Its statements travel in batches; the first carries the role and the tenant along,
/// so that scope costs no round trip.</summary>
/// <remarks>That a pooled connection died shows when the first batch is sent. Nothing of the transaction is committed then, so that batch
/// is sent once more, over another connection. Nothing else is ever sent twice: decision 0034.</remarks>
public sealed class LedgerTransaction : IAsyncDisposable
{
    private readonly LedgerDatabase database;
    private readonly string[] scope;
    private LedgerConnection connection;
    private bool begun;
    private bool scoped;

    internal LedgerTransaction(LedgerDatabase database, LedgerConnection connection, TenantId? tenant)
    {
        this.database = database;
        this.connection = connection;
        Tenant = tenant;
        // A literal, not a parameter: SET takes none, and set_config() is not propagated by Citus.
        // TenantId checked its pattern; again here, where it counts.
        var name = tenant is null ? "" : TenantId.Parse(tenant.Value.Value).Value;
        scope =
        [
            $"SET LOCAL ROLE {database.Role.SqlName()}", "SET LOCAL search_path = ledger, public", $"SET LOCAL ledger.tenant = '{name}'",
        ];
    }

    public TenantId? Tenant { get; }

    /// <summary>Whether it went on over another connection than it was opened with: what was known of the database before then may be of
    /// another server.</summary>
    public bool Moved { get; private set; }

    /// <summary>A batch of this transaction. Add commands, then execute it.</summary>
    public LedgerBatch Batch() => new(this);

    /// <summary>Runs one statement and returns the number of rows it touched.</summary>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var batch = Batch().Add(sql, parameters);
        return await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Runs one query; the reader ends before the transaction's next statement.</summary>
    public Task<NpgsqlDataReader> QueryAsync(string sql, CancellationToken cancel, params NpgsqlParameter[] parameters) =>
        Batch().Add(sql, parameters).ExecuteReaderAsync(cancel);

    /// <summary>Commits, once. When this throws, nobody can say whether it did.</summary>
    /// <exception cref="CommitInDoubtException">It did, but a failover may undo it.</exception>
    public async Task CommitAsync(CancellationToken cancel)
    {
        // A COMMIT that waits for synchronous replicas and is cancelled, also by the driver's own timeout, succeeds with a warning.
        PostgresNotice? warning = null;
        void Hear(object sender, NpgsqlNoticeEventArgs told)
        {
            if (told.Notice.InvariantSeverity == "WARNING") warning = told.Notice;
        }
        connection.Driver.Notice += Hear;
        var call = database.Resilience.Start("commit");
        try
        {
            await connection.Transaction.CommitAsync(cancel);
            if (warning is not null) throw new CommitInDoubtException(warning.MessageText);
            call.Succeeded();
        }
        catch (Exception e)
        {
            call.Threw(e, cancel);
            throw;
        }
        finally
        {
            connection.Driver.Notice -= Hear;
        }
    }

    internal async Task<T> SendAsync<T>(LedgerBatch batch, Func<NpgsqlBatch, CancellationToken, Task<T>> execute, CancellationToken cancel)
    {
        var isFirst = !begun;
        begun = true;
        try
        {
            return await RunAsync();
        }
        catch (Exception e) when (isFirst && DatabaseFaults.IsLostConnection(e) && !cancel.IsCancellationRequested)
        {
            await connection.DisposeAsync();
            connection = await database.ConnectAsync(cancel);
            Moved = true;
            return await RunAsync();
        }

        async Task<T> RunAsync()
        {
            var call = database.Resilience.Start("query");
            try
            {
                var result = await execute(batch.On(connection, scoped ? [] : scope), cancel);
                scoped = true; // not before: of a batch that the driver refused to send, nothing was done
                call.Succeeded();
                return result;
            }
            catch (Exception e)
            {
                call.Threw(e, cancel);
                if (DatabaseFaults.IsReadOnly(e)) database.DropConnections();
                throw;
            }
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
