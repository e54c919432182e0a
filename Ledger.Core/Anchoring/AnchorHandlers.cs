using Ledger.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Core.Anchoring;

/// <summary>The handlers of the configured transparency logs: for each its own gate, its checkpoints and its entries, so that no log waits
/// for another.</summary>
public sealed class AnchorHandlers(IServiceProvider services, TransparencyLogs logs)
{
    public IReadOnlyList<IJobHandler> All { get; } = [.. logs.All.SelectMany(log => Of(services, log))];

    private static IJobHandler[] Of(IServiceProvider services, ITransparencyLog log)
    {
        var gate = ActivatorUtilities.CreateInstance<LogGate>(services, log);
        return
        [
            ActivatorUtilities.CreateInstance<CheckpointAnchoring>(services, gate),
            ActivatorUtilities.CreateInstance<EntryAnchoring>(services, gate),
        ];
    }
}
