using Ledger.Core.Entries;

namespace Ledger.Workers.Operations;

/// <summary>Moves audit events from the outbox into the log of the audit trail.</summary>
internal sealed class AuditLoop(AuditTrail trail, TimeProvider time, ILogger<AuditLoop> log) : Loop(time, log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel) =>
        await trail.DrainAsync(cancel) == AuditTrail.EventsPerStep ? TimeSpan.Zero : Poll;
}
