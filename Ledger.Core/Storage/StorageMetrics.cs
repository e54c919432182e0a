using Ledger.Core.Telemetry;

namespace Ledger.Core.Storage;

/// <summary><c>ledger.storage.duration|failures</c> by operation: <c>get</c>, <c>put</c>.</summary>
public sealed class StorageMetrics(LedgerMeter meter)
{
    private readonly CallMetrics calls = new(meter, "ledger.storage", "Calls to the storage");

    internal Task<T> RunAsync<T>(string operation, Func<Task<T>> call, CancellationToken cancel) =>
        calls.RunAsync(call, cancel, CallMetrics.Tag("operation", operation));
}
