using Ledger.Core.Anchoring;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>Whose log has to be looked at: nobody's who is idle, and everybody's for whom something is left to do.</summary>
public sealed class UnanchoredTests
{
    [PostgresFact]
    public async Task A_log_is_left_alone_only_when_every_configured_log_holds_it_and_looked_at_again_when_it_grows()
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        await anchoring.AppendDueAsync(3);
        await SettleAsync(anchoring);
        Assert.True(await IsWatchedAsync(anchoring)); // its first anchor is still to come

        anchoring.Log2.BeforeSubmit = () => throw new LogException(LogFailureClass.Network, "away");
        await anchoring.Worker.StepAsync();
        await SettleAsync(anchoring);
        Assert.True(await IsWatchedAsync(anchoring)); // one of two has it

        anchoring.Log2.BeforeSubmit = null;
        await anchoring.SettleAsync();
        await SettleAsync(anchoring);
        Assert.False(await IsWatchedAsync(anchoring));

        await anchoring.AppendDueAsync(1);
        Assert.True(await IsWatchedAsync(anchoring));
        await anchoring.SettleAsync();
        Assert.Equal(["3|2", "4|2"], await anchoring.TableAsync("SELECT position, count(*) FROM anchors GROUP BY 1 ORDER BY 1"));
    }

    [PostgresFact]
    public async Task A_policy_that_is_on_again_has_its_log_looked_at_again()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync("off");
        await anchoring.AppendDueAsync(3);
        await SettleAsync(anchoring);
        Assert.False(await IsWatchedAsync(anchoring));
        await anchoring.PolicyAsync("checkpoint");
        await anchoring.SettleAsync();
        Assert.Equal(["3"], await anchoring.TableAsync("SELECT position FROM anchors"));
    }

    [PostgresFact]
    public async Task A_log_that_is_configured_anew_gets_what_was_left_alone()
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        var alone = new TransparencyLogs([anchoring.Log], anchoring.Logs.Root);
        var worker = anchoring.StartWorker(logs: alone);
        await worker.Rows.RegisterAsync(alone, CancellationToken.None);
        await anchoring.AppendDueAsync(3);
        await worker.StepAsync();
        await SettleAsync(anchoring);
        Assert.False(await IsWatchedAsync(anchoring));

        await anchoring.Worker.Rows.RegisterAsync(anchoring.Logs, CancellationToken.None);
        await anchoring.SettleAsync();
        Assert.Equal(["rekor-v1|3", "rekor-v2|3"], await anchoring.TableAsync("SELECT tl_backend, position FROM anchors ORDER BY 1"));
    }

    [PostgresFact]
    public async Task A_look_that_a_policy_overtakes_settles_nothing()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync("off");
        await anchoring.AppendDueAsync(3);
        for (var round = 0; round < 20; round++)
        {
            await anchoring.PolicyAsync("off");
            await Task.WhenAll(SettleAsync(anchoring), anchoring.PolicyAsync("checkpoint"), SettleAsync(anchoring));
            Assert.True(await IsWatchedAsync(anchoring));
        }
    }

    [PostgresFact]
    public async Task Who_is_idle_is_not_read()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        for (var i = 0; i < 5; i++) await anchoring.Ledger.OpenLogAsync(TenantId.Parse($"idle{i}"));
        await SettleAsync(anchoring);
        Assert.Equal(["0"], await anchoring.TableAsync("SELECT count(*) FROM tree_heads WHERE unanchored IS NOT NULL"));
    }

    [PostgresFact]
    public async Task A_worker_without_logs_closes_nobody_s()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.Worker.Rows.RegisterAsync(new TransparencyLogs([], anchoring.Logs.Root), CancellationToken.None);
        Assert.True(await anchoring.Worker.Rows.IsOpenAsync(anchoring.Log, CancellationToken.None));
    }

    private static Task<int> SettleAsync(TestAnchoring anchoring) => anchoring.Worker.AnchorUpkeep.SettleAsync(CancellationToken.None);

    private static async Task<bool> IsWatchedAsync(TestAnchoring anchoring) =>
        (await anchoring.TableAsync("SELECT (unanchored IS NOT NULL)::text FROM tree_heads WHERE tenant_id = 'demo'"))[0] == "true";
}
