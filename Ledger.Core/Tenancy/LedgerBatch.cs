using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>Statements of one transaction that travel together.</summary>
public sealed class LedgerBatch : IAsyncDisposable
{
    private readonly LedgerTransaction transaction;
    private readonly List<NpgsqlBatchCommand> commands = [];
    private NpgsqlBatch? sent;

    internal LedgerBatch(LedgerTransaction transaction) => this.transaction = transaction;

    public LedgerBatch Add(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return Add(command);
    }

    public LedgerBatch Add(NpgsqlBatchCommand command)
    {
        commands.Add(command);
        return this;
    }

    /// <summary>The reader ends before the transaction's next statement.</summary>
    public Task<NpgsqlDataReader> ExecuteReaderAsync(CancellationToken cancel) =>
        transaction.SendAsync(this, static (batch, c) => batch.ExecuteReaderAsync(c), cancel);

    /// <summary>Returns the number of rows that the last statement touched.</summary>
    public async Task<int> ExecuteNonQueryAsync(CancellationToken cancel)
    {
        await transaction.SendAsync(this, static (batch, c) => batch.ExecuteNonQueryAsync(c), cancel);
        return (int)commands[^1].RecordsAffected;
    }

    public async ValueTask DisposeAsync()
    {
        if (sent is not null) await sent.DisposeAsync();
    }

    /// <summary>The driver's batch of these statements, behind those that begin a transaction. Made anew for another connection.</summary>
    internal NpgsqlBatch On(LedgerConnection connection, IReadOnlyList<string> beginning)
    {
        sent = new NpgsqlBatch(connection.Driver, connection.Transaction);
        foreach (var statement in beginning) sent.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        foreach (var command in commands) sent.BatchCommands.Add(command);
        return sent;
    }
}
