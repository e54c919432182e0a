using Ledger.Core.Checkpoints;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Checkpoints;

/// <summary>Covers new entries by checkpoints: within a second, at most five times a second.</summary>
internal sealed class IntegratorLoop(Integrator integrator, TimeProvider time, ILogger<IntegratorLoop> log) : Loop(time, log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        var round = await integrator.RunOnceAsync(cancel);
        return round.More ? TimeSpan.Zero : round.Failed > 0 ? AfterFailure : Poll;
    }
}
