using Ledger.Core;
using Ledger.Core.Anchoring;
using Ledger.Core.Jobs;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.DevHost.Emulators.Rekor2;
using Ledger.DevHost.Emulators.Timestamping;
using Ledger.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ledger.Api.Tests.Fixture;

/// <summary>A ledger with emulators of Rekor v1 (primary), Rekor v2 and a timestamping authority, and the anchoring half of the workers,
/// run by hand.</summary>
public sealed class AnchoredLedger : ApiUnderTest
{
    private IHost? workers;

    internal Rekor1Emulator Rekor1 { get; private set; } = null!;

    internal Rekor2Emulator Rekor2 { get; private set; } = null!;

    internal TimestampingEmulator Tsa { get; private set; } = null!;

    internal TransparencyLogs Logs => workers!.Services.GetRequiredService<TransparencyLogs>();

    internal string FirstLog => Logs.All[0].Trusted.LogId.ToHex();

    internal string SecondLog => Logs.All[1].Trusted.LogId.ToHex();

    /// <summary>A tenant whose log is due for the transparency logs with every entry.</summary>
    internal async Task<string> AddEagerTenantAsync(string anchor = "checkpoint", bool isPublic = false)
    {
        var tenant = await AddTenantAsync(isPublic);
        await using var command = Owner.CreateCommand(
            $"UPDATE ledger.tenants SET anchor_policy = '{anchor}', anchor_entries = 1 WHERE tenant_id = '{tenant}'");
        await command.ExecuteNonQueryAsync();
        return tenant;
    }

    /// <summary>Covers everything appended so far, and anchors what is due in both logs.</summary>
    internal async Task AnchorAsync()
    {
        await CoverAsync();
        var services = workers!.Services;
        var (queue, runner) = (services.GetRequiredService<JobQueue>(), services.GetRequiredService<JobRunner>());
        await services.GetRequiredService<AnchorScheduler>().ScheduleAsync(CancellationToken.None);
        foreach (var handler in services.GetRequiredService<AnchorHandlers>().All)
        {
            while (await handler.RoomAsync(CancellationToken.None) is > 0 and var room)
            {
                var jobs = await queue.ClaimAsync(handler.Queue, handler.TransparencyLog, room, CancellationToken.None);
                if (jobs.Count == 0) break;
                await Task.WhenAll(jobs.Select(job => runner.RunAsync(handler, job, CancellationToken.None)));
            }
        }
        await using var failed = Owner.CreateCommand(
            "SELECT string_agg(last_error, '; ') FROM ledger.jobs WHERE status = 'pending' AND last_error IS NOT NULL");
        Assert.Equal(DBNull.Value, await failed.ExecuteScalarAsync());
    }

    internal override async Task AddSettingsAsync(Dictionary<string, string> settings, TempFolder place)
    {
        EmulatorOptions At(string name) => new() { StateDirectory = place[name] };
        Rekor1 = await Rekor1Emulator.StartAsync(At("rekor1"), CancellationToken.None);
        Rekor2 = await Rekor2Emulator.StartAsync(At("rekor2"), CancellationToken.None);
        Tsa = await TimestampingEmulator.StartAsync(At("tsa"), CancellationToken.None);
        settings["Rekor:Logs:0:Url"] = Rekor1.Address.AbsoluteUri;
        settings["Rekor:Logs:0:PublicKey"] = Rekor1.PublicKey;
        settings["Rekor:Logs:1:Url"] = Rekor2.Address.AbsoluteUri;
        settings["Rekor:Logs:1:Version"] = "2";
        settings["Rekor:Logs:1:PublicKey"] = Rekor2.PublicKey;
        settings["Rekor:Logs:1:Origin"] = Rekor2.Origin;
        settings["Timestamping:Url"] = Tsa.Url.AbsoluteUri;
        settings["Timestamping:Certificates"] = Tsa.Certificates;

        var builder = Host.CreateEmptyApplicationBuilder(null);
        var theirs = settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value);
        theirs["ConnectionStrings:ledger"] = WorkersConnectionString;
        theirs["Vault:WorkerToken"] = settings["Vault:EntryToken"];
        builder.Configuration.AddInMemoryCollection(theirs);
        builder.AddLedgerCore(DatabaseRole.Worker, VaultCaller.Worker);
        workers = builder.Build();
        await workers.Services.GetRequiredService<LogRows>().RegisterAsync(Logs, CancellationToken.None);
    }

    public override async Task DisposeAsync()
    {
        if (workers is not null)
        {
            await ((IAsyncDisposable)workers).DisposeAsync();
            await Tsa.DisposeAsync();
            await Rekor2.DisposeAsync();
            await Rekor1.DisposeAsync();
        }
        await base.DisposeAsync();
    }
}
