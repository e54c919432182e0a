using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>A connection out of the pool, and a transaction that begins with the first statement on it. Disposed as often as one likes, it
/// ends once: rolled back, where nobody committed.</summary>
/// <param name="ended">Its place in the pool is free.</param>
internal sealed class LedgerConnection(NpgsqlConnection driver, NpgsqlTransaction transaction, Action ended) : IAsyncDisposable
{
    private Action? ended = ended;

    public NpgsqlConnection Driver => driver;

    public NpgsqlTransaction Transaction => transaction;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using (driver) await transaction.DisposeAsync();
        }
        finally
        {
            Interlocked.Exchange(ref ended, null)?.Invoke();
        }
    }
}
