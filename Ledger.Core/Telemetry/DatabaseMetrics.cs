namespace Ledger.Core.Telemetry;

/// <summary><c>ledger.database.duration|failures</c>: transactions, from taking a connection until they are over.</summary>
public sealed class DatabaseMetrics(LedgerMeter meter)
{
    private readonly CallMetrics calls = new(meter, "ledger.database", "Transactions");

    /// <param name="begun">From <see cref="CallMetrics.Begin"/>.</param>
    /// <param name="failed">The database was away or refused; not that the caller rolled back.</param>
    public void End(long begun, bool failed) => calls.End(begun, failed);
}
