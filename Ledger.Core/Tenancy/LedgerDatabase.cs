using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>The one way to PostgreSQL: transactions that take on a role and a tenant before their first statement.</summary>
/// <remarks>Works behind a transaction-pooling PgBouncer: nothing is set on the session, nothing is prepared on the server.</remarks>
public sealed class LedgerDatabase : IAsyncDisposable
{
    /// <summary>Seconds before a statement is given up.</summary>
    public const int CommandTimeoutSeconds = 15;

    private readonly NpgsqlDataSource source;
    private readonly string listening;
    private long generation;
    private long server; // the ticks of when the last one seen was started; 0 before any was

    /// <param name="connectionString">Npgsql keywords. What would keep something on the session is overruled, so that any transaction may
    /// run on any connection.</param>
    /// <param name="resilience">Shared by the pools of a process; null for one of its own, on the system's clock.</param>
    public LedgerDatabase(string connectionString, DatabaseRole role, int maxPoolSize = 32, DatabaseResilience? resilience = null)
    {
        Role = role;
        Resilience = resilience ?? new DatabaseResilience(TimeProvider.System);
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            CommandTimeout = CommandTimeoutSeconds,
            Timeout = CommandTimeoutSeconds,
            MaxPoolSize = maxPoolSize,
            NoResetOnClose = true, // every transaction sets what it needs with SET LOCAL
            MaxAutoPrepare = 0,
            HostRecheckSeconds = 0, // one session that ends does not make a host of several one to be avoided
            Multiplexing = false, // its commands would share connections with transactions under way
            SearchPath = null,
            IncludeErrorDetail = false,
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(_ => Interlocked.Increment(ref generation), _ =>
        {
            Interlocked.Increment(ref generation);
            return Task.CompletedTask;
        });
        source = builder.Build();
        // Not pooled: who took it over would hear the channel too. Keep-alives, since a dead connection says nothing just like a quiet one.
        listening = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false, KeepAlive = 30 }.ConnectionString;
    }

    public DatabaseRole Role { get; }

    internal DatabaseResilience Resilience { get; }

    /// <summary>Grows whenever a physical connection opens or another server was seen. Whoever remembers facts about the database re-reads
    /// them when this has grown: behind a new connection may stand a server that was restored from a backup.</summary>
    public long Generation => Interlocked.Read(ref generation);

    /// <summary>Begins a transaction that sees one tenant's rows.
    /// Disposing it without <see cref="LedgerTransaction.CommitAsync"/> rolls back.</summary>
    public Task<LedgerTransaction> BeginAsync(TenantId tenant, CancellationToken cancel) => OpenAsync(tenant, cancel);

    /// <summary>Begins a transaction about what is the service's own (its keys, the key of cursors), which shows only to who names a
    /// tenant: the service's own tenant is that of the audit trail.</summary>
    public Task<LedgerTransaction> BeginAsServiceAsync(CancellationToken cancel) => OpenAsync(TenantId.PlatformAudit, cancel);

    /// <summary>Begins a transaction without a tenant: the role's cross-tenant policies alone decide what it sees. The API has none and
    /// sees nothing.</summary>
    public Task<LedgerTransaction> BeginAcrossTenantsAsync(CancellationToken cancel) => OpenAsync(null, cancel);

    /// <summary>Tells of every notification on a channel, by its payload, on a session of its own; needs one, so not a transaction-pooling
    /// PgBouncer. Returns only by throwing.</summary>
    /// <param name="channel">A name of lower-case letters and underscores.</param>
    public async Task ListenAsync(string channel, Action<string> heard, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(listening);
        connection.Notification += (_, notification) => heard(notification.Payload);
        await connection.OpenAsync(cancel);
        await using (var listen = new NpgsqlCommand($"LISTEN {channel}", connection)) await listen.ExecuteNonQueryAsync(cancel);
        while (true) await connection.WaitAsync(cancel);
    }

    /// <summary>Notes when the server was started that a transaction found itself on. Behind a pooler or a proxy no connection of ours
    /// opens when another server takes over.</summary>
    internal void Saw(DateTimeOffset startedAt)
    {
        var before = Interlocked.Exchange(ref server, startedAt.UtcTicks);
        if (before != 0 && before != startedAt.UtcTicks) Interlocked.Increment(ref generation);
    }

    /// <summary>Lets every pooled connection go, those in use when they come back: they lead to a server that is no primary any more.
    /// </summary>
    internal void DropConnections() => source.Clear();

    /// <summary>A connection on which nothing was sent yet: BEGIN goes along with the first statement.</summary>
    internal async Task<(NpgsqlConnection Connection, NpgsqlTransaction Transaction)> ConnectAsync(CancellationToken cancel)
    {
        var connection = await Resilience.OpenAsync(source, cancel);
        try
        {
            return (connection, await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancel));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<LedgerTransaction> OpenAsync(TenantId? tenant, CancellationToken cancel)
    {
        var (connection, transaction) = await ConnectAsync(cancel);
        try
        {
            return new LedgerTransaction(this, connection, transaction, tenant);
        }
        catch
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
