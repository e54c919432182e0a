using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>What an integrator does when nothing fails.</summary>
public sealed class IntegratorTests
{
    [PostgresFact]
    public async Task A_checkpoint_covers_what_was_appended()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();

        await ledger.AppendAsync(3);
        Assert.Equal(1, await TestLog.IntegrateAsync(integrator));
        Assert.Equal(3, await ledger.CheckLogAsync());

        await ledger.AppendAsync(4);
        Assert.Equal(1, await TestLog.IntegrateAsync(integrator));
        Assert.Equal(7, await ledger.CheckLogAsync());
        Assert.Empty(ledger.Log.Alerts);
    }

    [PostgresFact]
    public async Task An_empty_log_has_no_checkpoint()
    {
        await using var ledger = await TestLog.StartAsync();

        Assert.Equal(0, await TestLog.IntegrateAsync(ledger.StartIntegrator()));

        Assert.Equal(0, await ledger.CheckLogAsync());
        Assert.Null(await new CheckpointReader(ledger.Api.Database).LatestAsync(TestLog.Demo, 1, CancellationToken.None));
    }

    [PostgresFact]
    public async Task The_logs_of_a_claim_are_signed_in_one_call()
    {
        await using var ledger = await TestLog.StartAsync();
        var tenants = Enumerable.Range(0, 5).Select(i => TenantId.Parse($"tenant-{i}")).ToList();
        foreach (var tenant in tenants)
        {
            await ledger.OpenLogAsync(tenant);
            await ledger.AppendAsync(2, tenant);
        }
        var before = ledger.Vault.SignCalls;

        Assert.Equal(5, (await ledger.StartIntegrator().RunOnceAsync(CancellationToken.None)).Stored);

        Assert.Equal(before + 1, ledger.Vault.SignCalls);
        foreach (var tenant in tenants) Assert.Equal(2, await ledger.CheckLogAsync(tenant));
    }

    [PostgresFact]
    public async Task A_rotated_checkpoint_key_is_in_the_trust_file_from_its_first_checkpoint_on()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(2);
        await TestLog.IntegrateAsync(integrator);

        await ledger.RotateAsync("ledger-ed25519-checkpoint");
        await ledger.AppendAsync(3);
        await TestLog.IntegrateAsync(integrator);

        Assert.Equal(5, await ledger.CheckLogAsync());
        var trust = await new TrustFileReader(ledger.Api.Database).ReadAsync(TestLog.Demo, CancellationToken.None);
        Assert.Equal([0L, 5L], trust!.Logs.Single().CheckpointKeys.Select(k => k.FromSize));
    }

    [PostgresFact]
    public async Task Nothing_signed_with_a_retired_checkpoint_key_is_stored()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(2);
        await TestLog.IntegrateAsync(integrator);
        var key = (await new CheckpointReader(ledger.Api.Database).LatestAsync(TestLog.Demo, 1, CancellationToken.None))!.KeyId;
        Assert.Equal([2L], (await ledger.RetireAsync(key, TestLog.Demo)).Select(r => r.To));

        await ledger.AppendAsync(1);
        Assert.Equal(0, await TestLog.IntegrateAsync(integrator));
        Assert.Contains(ledger.Log.Alerts, a => a.Contains("signer-key-retired", StringComparison.Ordinal));

        await ledger.RotateAsync("ledger-ed25519-checkpoint");
        Assert.Equal(1, await TestLog.IntegrateAsync(integrator));
        Assert.Equal(3, await ledger.CheckLogAsync());
    }

    [PostgresFact]
    public async Task Two_integrators_at_once_make_one_log()
    {
        await using var ledger = await TestLog.StartAsync();
        var (one, two) = (ledger.StartIntegrator(), ledger.StartIntegrator());
        for (var i = 0; i < 10; i++)
        {
            await ledger.AppendAsync(2);
            await Task.WhenAll(one.RunOnceAsync(CancellationToken.None), two.RunOnceAsync(CancellationToken.None));
        }
        await TestLog.IntegrateAsync(one);

        Assert.Equal(20, await ledger.CheckLogAsync());
        Assert.Empty(ledger.Log.Alerts);
    }

    [PostgresFact]
    public async Task An_integrator_that_overstays_its_lease_forks_nothing()
    {
        await using var ledger = await TestLog.StartAsync();
        var (slow, quick) = (ledger.StartIntegrator(), ledger.StartIntegrator());
        await ledger.AppendAsync(3);
        // While the slow one has read its mark, its lease lapses, more is appended, and another covers it all.
        ledger.Marks.AfterRead = async () =>
        {
            await ledger.LapseLeasesAsync();
            await ledger.AppendAsync(2);
            await TestLog.IntegrateAsync(quick);
        };

        await slow.RunOnceAsync(CancellationToken.None);

        Assert.Equal(5, await ledger.CheckLogAsync());
        Assert.Null(await ledger.HaltedAsync());
        Assert.Empty(ledger.Log.Alerts);
    }
}
