namespace Ledger.Core.Telemetry;

/// <summary><c>ledger.database.duration|failures</c>, by <c>operation</c>: <c>open</c> (taking a connection, pooled or new), <c>query</c>
/// (statements that travel together, until their first result), <c>commit</c>.</summary>
public sealed class DatabaseMetrics(LedgerMeter meter)
{
    private readonly CallMetrics calls = new(meter, "ledger.database", "Calls to the database");

    public MeasuredCall Start(string operation) => calls.Start(operation);
}
