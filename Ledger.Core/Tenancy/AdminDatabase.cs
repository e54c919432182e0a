namespace Ledger.Core.Tenancy;

/// <summary>The database as operators see it: every tenant's rows to read, in the role <c>ledger_admin</c>. A pool of its own, and a small
/// one: no look at the whole ledger takes the connections that appends need.</summary>
public sealed class AdminDatabase(string connectionString, DatabaseResilience? resilience = null) : IAsyncDisposable
{
    private const int Connections = 4;

    /// <summary>Named a tenant, a transaction may write that tenant's audit events, and change its dead letters.</summary>
    public LedgerDatabase Database { get; } = new(connectionString, DatabaseRole.Admin, Connections, resilience);

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
