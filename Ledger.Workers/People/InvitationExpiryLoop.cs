using Ledger.Core.People;
using Ledger.Workers.Operations;

namespace Ledger.Workers.People;

/// <summary>Has the users of expired invitations removed.</summary>
internal sealed class InvitationExpiryLoop(InvitationExpiry expiry, TimeProvider time, ILogger<InvitationExpiryLoop> log) : Loop(time, log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel) =>
        await expiry.StepAsync(cancel) == InvitationExpiry.PerStep ? TimeSpan.Zero : Pause;
}
