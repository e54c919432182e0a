using System.Net.Sockets;
using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>The one way to PostgreSQL: transactions that take on a role and a tenant before their first statement.</summary>
/// <remarks>Works behind a transaction-pooling PgBouncer: nothing is set on the session, nothing is prepared on the server.</remarks>
public sealed class LedgerDatabase : IAsyncDisposable
{
    /// <summary>Seconds before a statement is given up.</summary>
    public const int CommandTimeoutSeconds = 15;

    private readonly NpgsqlDataSource source;
    private readonly SemaphoreSlim places;
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
        // Its name is in metrics and spans: by itself it would be the whole connection string, but for the password.
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = role.SqlName() };
        builder.UsePhysicalConnectionInitializer(_ => Interlocked.Increment(ref generation), _ =>
        {
            Interlocked.Increment(ref generation);
            return Task.CompletedTask;
        });
        source = builder.Build();
        places = new SemaphoreSlim(maxPoolSize);
        // Not pooled: who took it over would hear the channel too. Keep-alives, since a dead connection says nothing just like a quiet one.
        listening = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false, KeepAlive = 30 }.ConnectionString;
    }

    public DatabaseRole Role { get; }

    internal DatabaseResilience Resilience { get; }

    /// <summary>Grows whenever a physical connection opens or another server was seen. Whoever remembers facts about the database re-reads
    /// them when this has grown: behind a new connection may stand a server that was restored from a backup.</summary>
    public long Generation => Interlocked.Read(ref generation);

    /// <summary>When the server was started that was seen last (<see cref="Saw"/>); null before any was.</summary>
    internal DateTimeOffset? LastSeenServer =>
        Interlocked.Read(ref server) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Begins a transaction that sees one tenant's rows.
    /// Disposing it without <see cref="LedgerTransaction.CommitAsync"/> rolls back.</summary>
    public Task<LedgerTransaction> BeginAsync(TenantId tenant, CancellationToken cancel) => StartAsync(tenant, cancel);

    /// <summary>Begins a transaction about what is the service's own (its keys, the key of cursors), which shows only to who names a
    /// tenant: the service's own tenant is that of the audit trail.</summary>
    public Task<LedgerTransaction> BeginAsServiceAsync(CancellationToken cancel) => StartAsync(TenantId.PlatformAudit, cancel);

    /// <summary>Begins a transaction without a tenant: the role's cross-tenant policies alone decide what it sees. The API has none and
    /// sees nothing.</summary>
    public Task<LedgerTransaction> BeginAcrossTenantsAsync(CancellationToken cancel) => StartAsync(null, cancel);

    /// <summary>Tells of every notification on a channel, by its payload, on a session of its own; needs one, so not a transaction-pooling
    /// PgBouncer. Returns only by throwing.</summary>
    /// <param name="channel">A name of lower-case letters and underscores.</param>
    public async Task ListenAsync(string channel, Action<string> heard, CancellationToken cancel)
    {
        await using var session = new NpgsqlDataSourceBuilder(listening) { Name = $"{Role.SqlName()}_listening" }.Build();
        await using var connection = await session.OpenConnectionAsync(cancel);
        connection.Notification += (_, notification) => heard(notification.Payload);
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

    /// <exception cref="DatabaseAwayException">Nobody asks the database just now.</exception>
    internal async Task<LedgerConnection> ConnectAsync(CancellationToken cancel)
    {
        var call = Resilience.Start("open");
        Task<LedgerConnection>? opening = null;
        try
        {
            await TakePlaceAsync(cancel);
            opening = OpenAsync();
            var connection = opening.IsCompleted ? await opening : await opening.WaitAsync(cancel);
            call.Succeeded();
            return connection;
        }
        catch (Exception e)
        {
            call.Threw(e, cancel);
            if (opening is not null && e is OperationCanceledException) _ = LetGoAsync(opening);
            throw;
        }
    }

    // Here and not in the driver's pool: that all connections are in use says nothing about whether more can be made, and only the latter
    // is the circuit's to judge.
    private async Task TakePlaceAsync(CancellationToken cancel)
    {
        if (places.Wait(0, CancellationToken.None)) return;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(CommandTimeoutSeconds), Resilience.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await places.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new NpgsqlException($"All connections to the database were in use for {CommandTimeoutSeconds} s.",
                new TimeoutException());
        }
    }

    // No caller's cancellation: one who leaves while a connection is being made has not seen that it can be made.
    private async Task<LedgerConnection> OpenAsync()
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await Resilience.OpenAsync(source);
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, CancellationToken.None);
            return new LedgerConnection(connection, transaction, () => places.Release());
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            places.Release();
            throw;
        }
    }

    private static async Task LetGoAsync(Task<LedgerConnection> opening)
    {
        try
        {
            await (await opening).DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or InvalidOperationException)
        {
            // The circuit has counted it, and nobody waits for it any more.
        }
    }

    private async Task<LedgerTransaction> StartAsync(TenantId? tenant, CancellationToken cancel)
    {
        var connection = await ConnectAsync(cancel);
        try
        {
            return new LedgerTransaction(this, connection, tenant);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
