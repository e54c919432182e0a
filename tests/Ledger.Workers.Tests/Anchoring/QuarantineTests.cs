using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.Testing.Attributes;
using Ledger.Workers.Tests.Crashes;
using Npgsql;

namespace Ledger.Workers.Tests.Anchoring;

/// <summary>Running workers against a log that begins to lie, and the person who has to decide.</summary>
public sealed class QuarantineTests
{
    [PostgresFact]
    public async Task Workers_quarantine_a_log_that_shows_another_history_and_an_operator_lifts_it()
    {
        await using var ledger = await LedgerProcesses.StartAsync("demo");
        await using var rekor = await Rekor1Emulator.StartAsync(new EmulatorOptions { StateDirectory = ledger.PathOf("rekor") },
            CancellationToken.None);
        ledger.Settings["Rekor__Logs__0__Url"] = rekor.Address.AbsoluteUri;
        ledger.Settings["Rekor__Logs__0__PublicKey"] = rekor.PublicKey;
        ledger.Settings["LogWatch__IntervalSeconds"] = "1";
        await using var owner = NpgsqlDataSource.Create(ledger.Owner);
        await ExecuteAsync("UPDATE ledger.tenants SET anchor_seconds = 1");
        var workers = await ledger.StartWorkersAsync();
        await UntilAsync("SELECT count(*) FROM ledger.anchors", 1); // the audit trail's: that demo was added
        await UntilAsync("SELECT count(*) FROM ledger.transparency_log_heads", 1);

        rekor.Faults.Set(FaultMode.ForkedTree);
        await workers.WaitForLineAsync("transparency log quarantined");
        rekor.Faults.Clear();
        await using var id = owner.CreateCommand("SELECT tl_log_id FROM ledger.transparency_logs WHERE quarantined_at IS NOT NULL");
        var log = (string)(await id.ExecuteScalarAsync())!;

        var (code, output) = await ledger.OperateAsync("lift-quarantine", log);
        Assert.True(code == 0 && output.StartsWith("lifted; it was: ", StringComparison.Ordinal), output);
        Assert.Equal(2, output.Split("— ").Length - 1); // both notes, signed
        await UntilAsync("SELECT count(*) FROM ledger.transparency_log_heads", 1);
        await UntilAsync("""
            SELECT count(*) FROM ledger.chain_entries
             WHERE tenant_id = 'platform-audit' AND subject IN ('transparency-log.quarantine', 'transparency-log.lift-quarantine')
            """, 2);
        Assert.Equal(0, await workers.StopAsync());

        async Task ExecuteAsync(string sql)
        {
            await using var command = owner.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }

        async Task UntilAsync(string sql, long least)
        {
            await using var command = owner.CreateCommand(sql);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while ((long)(await command.ExecuteScalarAsync(patience.Token))! < least) await Task.Delay(50, patience.Token);
        }
    }
}
