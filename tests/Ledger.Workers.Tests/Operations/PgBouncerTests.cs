using System.Formats.Tar;
using System.Text.Json;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;
using Ledger.Verify.Verification;
using Ledger.Workers.Tests.Crashes;
using Npgsql;

namespace Ledger.Workers.Tests.Operations;

/// <summary>API, workers and operators' commands, as processes, behind a transaction-pooling PgBouncer with fewer connections than
/// they have clients.</summary>
public sealed class PgBouncerTests
{
    private const int Entries = 60;

    [PgBouncerFact]
    public async Task Everything_but_migrate_and_the_listener_works_behind_it()
    {
        await using var ledger = await LedgerProcesses.StartAsync("demo", "other");
        await using var bouncer = await PgBouncer.StartAsync(connections: 2, ledger.Logins);
        await using var rekor = await Rekor1Emulator.StartAsync(new EmulatorOptions { StateDirectory = ledger.PathOf("rekor") },
            CancellationToken.None);
        ledger.Way = bouncer.Through;
        ledger.Settings["Rekor__Logs__0__Url"] = rekor.Address.AbsoluteUri;
        ledger.Settings["Rekor__Logs__0__PublicKey"] = rekor.PublicKey;
        ledger.Settings["Jobs__Listen"] = "false";
        ledger.Settings["Identity__Issuers__0__Roles__0"] = "CLIENT_TECH";
        ledger.Settings["Identity__Issuers__0__Roles__1"] = "PLATFORM_ADMIN";
        await using var owner = NpgsqlDataSource.Create(ledger.Owner);
        await ExecuteAsync("UPDATE ledger.tenants SET anchor_entries = 10, anchor_seconds = 1");
        var (_, address) = await ledger.StartApiAsync();
        var workers = await ledger.StartWorkersAsync();
        using var demo = ledger.ClientOf(address, "demo");
        using var other = ledger.ClientOf(address, "other");
        using var operators = ledger.OperatorOf(address);

        // Appended by many, covered, proved; each tenant reads its own.
        var (ofDemo, ofOther) = (new PersistentWriters([demo], clients: 12), new PersistentWriters([other], clients: 12));
        ofDemo.Start();
        ofOther.Start();
        await Task.WhenAll(ofDemo.MoreAsync(Entries), ofOther.MoreAsync(Entries));
        await Task.WhenAll(ofDemo.FinishAsync(), ofOther.FinishAsync());
        Assert.Empty(ofDemo.Refused.Concat(ofOther.Refused));
        await WholeLog.CheckAsync(demo, ledger.Owner, "demo", ofDemo.Acknowledged);
        await WholeLog.CheckAsync(other, ledger.Owner, "other", ofOther.Acknowledged);
        using (var foreign = await demo.GetAsync(new Uri($"/entries/{ofOther.Acknowledged.First().Id}", UriKind.Relative)))
            Assert.Equal(System.Net.HttpStatusCode.NotFound, foreign.StatusCode);

        // Anchored by jobs, re-verified by the scrubber.
        await UntilAsync("SELECT NOT EXISTS (SELECT FROM ledger.entries WHERE tenant_id IN ('demo', 'other') AND rekor_log_id = '')");
        await UntilAsync("SELECT NOT EXISTS (SELECT FROM ledger.jobs WHERE status IN ('pending', 'running'))");
        await UntilAsync("SELECT bool_and(passes > 0 AND finding_reason IS NULL) FROM ledger.scrubs");

        // What operators ask, across tenants; an export, held against itself.
        using var tenants = JsonDocument.Parse(await operators.GetStringAsync(new Uri("/admin/api/v1/tenants", UriKind.Relative)));
        Assert.Contains("other", tenants.RootElement.ToString(), StringComparison.Ordinal);
        await operators.GetStringAsync(new Uri("/admin/api/v1/dead-letters", UriKind.Relative));
        Assert.True(TrustFile.TryParse(await demo.GetByteArrayAsync(new Uri("/log/demo/keys", UriKind.Relative)), out var trust, out _));
        var files = Unpack(await operators.GetStreamAsync(new Uri("/admin/api/v1/tenants/demo/export", UriKind.Relative)));
        var report = Assert.Single(Fsck.Run(new LogFolder(
            path => files.TryGetValue(path, out var bytes) ? new MemoryStream(bytes) : null, files.Keys), FsckSource.Export, trust));
        Assert.Empty(report.Findings);
        Assert.Equal(ofDemo.Acknowledged.Count, report.Size);

        // Commands, as the owner.
        Assert.Equal(0, (await ledger.OperateAsync("tenant", "add", "third")).Code);
        var (code, output) = await ledger.OperateAsync("new-epoch", "other", "--reason", "a test", "--force");
        Assert.True(code == 0, output);

        async Task ExecuteAsync(string sql)
        {
            await using var command = owner.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }

        async Task UntilAsync(string condition)
        {
            await using var command = owner.CreateCommand(condition);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (!(bool)(await command.ExecuteScalarAsync(patience.Token))!)
            {
                Assert.False(workers.Exited.IsCompleted, workers.Output);
                await Task.Delay(50, patience.Token);
            }
        }
    }

    private static Dictionary<string, byte[]> Unpack(Stream tar)
    {
        var files = new Dictionary<string, byte[]>();
        using var reader = new TarReader(tar);
        while (reader.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files.Add(entry.Name, content.ToArray());
        }
        return files;
    }
}
