using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing.Attributes;
using Ledger.Verify.Verification;

namespace Ledger.Core.Tests.Checkpoints;

public sealed class LogOpeningTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    [PostgresFact]
    public async Task A_new_tenant_has_keys_a_mark_and_an_empty_log_and_so_has_the_audit_trail()
    {
        await using var ledger = await TestLog.StartAsync();

        Assert.True(await ledger.OpenLogAsync(Acme, isPublic: true));

        foreach (var tenant in new[] { Acme, TenantId.PlatformAudit })
        {
            var log = await new LogReader(ledger.Api.Database).FindAsync(tenant, null, default);
            Assert.Equal((1, $"ledger.test/log/{tenant}", 0L, (string?)null, tenant == Acme),
                (log!.Epoch, log.Origin, log.NextSeq, log.Halted, log.IsPublic));
            Assert.Equal(0, (await ledger.Marks.ReadAsync(tenant, 1, default))!.Mark.Size);
            var trust = await new TrustFileReader(ledger.Api.Database).ReadAsync(tenant, default);
            Assert.True(TrustFile.TryParse(trust!.ToBytes(), out trust, out var failure), $"{failure}");
            var keys = Assert.Single(trust.Logs);
            Assert.Equal((1, 1, 1, 1), (keys.CheckpointKeys.Count, keys.EntryKeys.Count, keys.AnchorKeys.Count, keys.PayloadKeys!.Count));
            Assert.NotEqual(keys.AnchorKeys, keys.PayloadKeys);
        }
        Assert.Equal(1, await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_outbox WHERE tenant_id = 'acme'"));
    }

    [PostgresFact]
    public async Task Opening_a_tenant_again_changes_nothing_but_can_make_it_public()
    {
        await using var ledger = await TestLog.StartAsync();
        await ledger.AppendAsync(2);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());

        Assert.False(await ledger.OpenLogAsync(TestLog.Demo));
        Assert.False((await new LogReader(ledger.Api.Database).FindAsync(TestLog.Demo, null, default))!.IsPublic);
        Assert.False(await ledger.OpenLogAsync(TestLog.Demo, isPublic: true));
        Assert.True((await new LogReader(ledger.Api.Database).FindAsync(TestLog.Demo, null, default))!.IsPublic);

        Assert.Equal(2, await ledger.CheckLogAsync());
    }

    [PostgresTheory]
    [InlineData("/v1/transit/keys/ledger-ed25519-anchor")]
    [InlineData("/v1/transit/keys/ledger-ed25519-payload")]
    public async Task An_opening_that_failed_half_way_is_finished_by_another(string failing)
    {
        await using var ledger = await TestLog.StartAsync();
        ledger.Vault.Faults.Set(FaultMode.Down, failing);
        await Assert.ThrowsAnyAsync<Exception>(() => ledger.OpenLogAsync(Acme));
        ledger.Vault.Faults.Clear();
        ledger.Marks.Down = true;
        await Assert.ThrowsAsync<IOException>(() => ledger.OpenLogAsync(Acme));
        ledger.Marks.Down = false;

        Assert.True(await ledger.OpenLogAsync(Acme));

        await ledger.AppendAsync(1, Acme);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        Assert.Equal(1, await ledger.CheckLogAsync(Acme));
    }

    [PostgresFact]
    public async Task A_tenant_of_which_only_the_mark_is_left_is_refused()
    {
        await using var ledger = await TestLog.StartAsync();
        await ledger.OpenLogAsync(Acme);
        var copy = await DatabaseCopy.TakeAsync(ledger);
        await LoseRowsAsync(ledger);
        Assert.True(await ledger.OpenLogAsync(TestLog.Demo)); // its mark is at 0: that opening had not been finished
        await copy.RestoreAsync();
        await ledger.AppendAsync(2);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        await LoseRowsAsync(ledger);

        var refused = await Assert.ThrowsAsync<LogOpeningException>(() => ledger.OpenLogAsync(TestLog.Demo));
        Assert.Contains("is at 2", refused.Message, StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("platform-audit")]
    [InlineData("platform-x")]
    [InlineData("receipts-acme")]
    public async Task A_reserved_name_is_refused(string name)
    {
        await using var ledger = await TestLog.StartAsync();
        await Assert.ThrowsAsync<LogOpeningException>(() => ledger.OpenLogAsync(TenantId.Parse(name)));
    }

    [PostgresFact]
    public async Task A_retired_entry_key_is_closed_at_the_last_entry_it_signed()
    {
        await using var ledger = await TestLog.StartAsync();
        await ledger.AppendAsync(3);
        var key = await ledger.ScalarAsync<string>("SELECT key_id FROM chain_entries WHERE tenant_id = 'demo' LIMIT 1");
        await ledger.RotateAsync("ledger-ed25519");

        var retired = Assert.Single(await ledger.RetireAsync(key, TestLog.Demo));

        Assert.Equal(2, retired.To);
        Assert.Empty(await ledger.RetireAsync(key, TestLog.Demo));
        Assert.Equal(1L, await ledger.ScalarAsync<long>(
            $"SELECT count(*) FROM audit_outbox WHERE convert_from(event, 'UTF8')::json ->> 'target' = '{key}'")); // once, for what was done
        await ledger.AppendAsync(2);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        Assert.Equal(5, await ledger.CheckLogAsync());
        Assert.Equal([(0L, (long?)2), (3L, null)],
            (await new TrustFileReader(ledger.Api.Database).ReadAsync(TestLog.Demo, default))!.Logs.Single()
            .EntryKeys.Select(k => (k.FromSeq, k.ToSeq)));
    }

    private static Task LoseRowsAsync(TestLog ledger) => ledger.SqlAsync(string.Concat(
        new[] { "key_ranges", "scrubs", "tree_heads", "chain_heads", "tenants" }
            .Select(t => $"DELETE FROM {t} WHERE tenant_id = 'demo';")));
}
