using Ledger.Core.Anchoring;
using Ledger.Core.Jobs;

namespace Ledger.Workers.Jobs;

/// <summary>A loop for every handler there is: those of the transparency logs, and every registered one.</summary>
internal sealed class JobLoops(AnchorHandlers anchoring, IEnumerable<IJobHandler> handlers, IServiceProvider services)
    : IHostedService, IDisposable
{
    private readonly IReadOnlyList<JobLoop> loops =
        [.. anchoring.All.Concat(handlers).Select(handler => ActivatorUtilities.CreateInstance<JobLoop>(services, handler))];

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(loops.Select(l => l.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(loops.Select(l => l.StopAsync(cancellationToken)));

    public void Dispose()
    {
        foreach (var loop in loops) loop.Dispose();
    }
}
