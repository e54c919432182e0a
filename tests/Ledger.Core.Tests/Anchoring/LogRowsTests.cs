using Ledger.Core.Anchoring;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Anchoring;

public sealed class LogRowsTests
{
    [PostgresFact]
    public async Task A_budget_is_that_of_all_workers_together()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        anchoring.Log.Budget = new SubmissionBudget(PerHour: 6, PerTenMinutes: 5);
        var workers = new[] { anchoring.Worker, anchoring.StartWorker(), anchoring.StartWorker() };
        var waits = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => workers[i % 3].Rows.TakeAsync(anchoring.Log, 0, true,
            CancellationToken.None)));
        Assert.Equal(5, waits.Count(wait => wait is null));
        Assert.All(waits, wait => Assert.InRange(wait ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(10.1)));
    }

    [PostgresFact]
    public async Task Looking_takes_nothing_and_a_reserve_stays()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        anchoring.Log.Budget = new SubmissionBudget(PerHour: 6, PerTenMinutes: 4);
        var rows = anchoring.Worker.Rows;
        for (var i = 0; i < 10; i++) Assert.Null(await rows.TakeAsync(anchoring.Log, 0.5, false, CancellationToken.None));
        Assert.Null(await rows.TakeAsync(anchoring.Log, 0.5, true, CancellationToken.None));
        Assert.Null(await rows.TakeAsync(anchoring.Log, 0.5, true, CancellationToken.None));
        Assert.NotNull(await rows.TakeAsync(anchoring.Log, 0.5, true, CancellationToken.None));
        Assert.Null(await rows.TakeAsync(anchoring.Log, 0, true, CancellationToken.None));
        Assert.Null(await rows.TakeAsync(anchoring.Log, 0, true, CancellationToken.None));
        Assert.NotNull(await rows.TakeAsync(anchoring.Log, 0, true, CancellationToken.None));
    }

    [PostgresFact]
    public async Task A_log_without_a_row_or_in_quarantine_is_closed()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        Assert.True(await anchoring.Worker.Rows.IsOpenAsync(anchoring.Log, CancellationToken.None));
        await anchoring.SqlAsync("UPDATE transparency_logs SET quarantined_at = now(), quarantine_reason = 'r'");
        Assert.False(await anchoring.Worker.Rows.IsOpenAsync(anchoring.Log, CancellationToken.None));
        await anchoring.SqlAsync("DELETE FROM transparency_logs");
        Assert.False(await anchoring.Worker.Rows.IsOpenAsync(anchoring.Log, CancellationToken.None));
    }
}
