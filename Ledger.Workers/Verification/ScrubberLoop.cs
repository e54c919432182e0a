using Ledger.Core.Tenancy;
using Ledger.Core.Verification;
using Ledger.Workers.Operations;
using Microsoft.Extensions.Options;

namespace Ledger.Workers.Verification;

/// <summary>Section <c>Scrubber</c>.</summary>
internal sealed class ScrubberOptions
{
    public const string Section = "Scrubber";

    /// <summary>How many entries a second this process re-verifies on average, over all logs. Default 500, a few per cent of one
    /// core.</summary>
    public int EntriesPerSecond { get; set; } = 500;
}

/// <summary>Re-verifies every log continuously, one page of one log at a time, at a bounded rate.</summary>
internal sealed class ScrubberLoop(Scrubber scrubber, IOptions<ScrubberOptions> options, TimeProvider time, ILogger<ScrubberLoop> log)
    : Loop(time, log)
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(2);

    private readonly Queue<(TenantId Tenant, int Epoch)> round = [];

    protected override async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        if (!round.TryDequeue(out var next))
        {
            foreach (var id in await scrubber.LogsAsync(cancel)) round.Enqueue(id);
            return BetweenRounds;
        }
        var entries = await scrubber.StepAsync(next.Tenant, next.Epoch, cancel);
        var due = TimeSpan.FromSeconds((double)entries / options.Value.EntriesPerSecond);
        return due > Least ? due : Least;
    }
}
