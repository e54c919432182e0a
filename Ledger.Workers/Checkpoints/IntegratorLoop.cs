using Ledger.Core.Checkpoints;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Checkpoints;

/// <summary>Covers new entries by checkpoints within a second. Each is a signature, two files and a row,
/// so not more often than that needs.</summary>
internal sealed class IntegratorLoop(Integrator integrator, TimeProvider time, ILogger<IntegratorLoop> log) : Loop(time, log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        var round = await integrator.RunOnceAsync(cancel);
        return round.More ? TimeSpan.Zero : round.Failed > 0 ? AfterFailure : Poll;
    }
}
