using Ledger.Core.Anchoring;
using Ledger.Workers.Operations;
using Microsoft.Extensions.Options;

namespace Ledger.Workers.Anchoring;

/// <summary>Looks at every transparency log's heads, one log after the other.</summary>
internal sealed class LogWatchLoop(LogWatch watch, TransparencyLogs logs, IOptions<LogWatchOptions> options, TimeProvider time,
    ILogger<LogWatchLoop> log) : Loop(time, log)
{
    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        foreach (var one in logs.All) await watch.WatchAsync(one, cancel);
        return TimeSpan.FromSeconds(options.Value.IntervalSeconds);
    }
}
