using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using Ledger.Core.Tenants;
using Ledger.Core.Tests.Checkpoints;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;

namespace Ledger.Core.Tests.Tenants;

/// <summary>A tenant that was asked for is opened, whatever happens on the way.</summary>
public sealed class TenantOpeningTests
{
    private const string Keys = "/v1/transit/keys/ledger-ed25519";

    [PostgresFact]
    public async Task A_tenant_that_was_asked_for_is_opened_by_the_workers_and_the_audit_trail_before_it()
    {
        await using var tenants = await TenantsUnderTest.StartAsync(bare: true);
        var asked = await tenants.AddAsync();
        Assert.Equal((TenantState.Opening, "pending"), (asked.State, asked.Opening!.Status));
        Assert.Equal(0, await tenants.Ledger.ScalarAsync<long>("SELECT count(*) FROM chain_heads"));
        await tenants.OpenOnceAsync();
        await tenants.CheckOpenAsync(TenantsUnderTest.Acme);
    }

    // Step 1, its remote half: each key of the audit trail's log and of the tenant's, before Vault did it and after, its answer lost.
    [PostgresTheory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("-checkpoint", false)]
    [InlineData("-checkpoint", true)]
    [InlineData("-anchor-platform-audit", false)]
    [InlineData("-anchor-platform-audit", true)]
    [InlineData("-anchor-acme", false)]
    [InlineData("-anchor-acme", true)]
    [InlineData("-payload-acme", false)]
    [InlineData("-payload-acme", true)]
    public async Task A_crash_around_the_making_of_a_key_is_mended_by_the_next_attempt(string key, bool afterItPersisted)
    {
        await using var tenants = await TenantsUnderTest.StartAsync(bare: true);
        await tenants.AddAsync();
        tenants.Ledger.Vault.Faults.Set(new Fault(FaultMode.Down) { PathPrefix = Keys + key, Count = 1, AfterWork = afterItPersisted });
        await tenants.OpenOnceAsync();
        Assert.Equal(TenantState.Opening, (await tenants.FindAsync()).State);
        await tenants.OpenOnceAsync();
        await tenants.CheckOpenAsync(TenantsUnderTest.Acme);
    }

    // Step 2.
    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_crash_around_the_making_of_a_mark_is_mended_by_the_next_attempt(int fault)
    {
        foreach (var bare in new[] { true, false }) // the audit trail's mark, and the tenant's
        {
            await using var tenants = await TenantsUnderTest.StartAsync(bare);
            await tenants.AddAsync();
            tenants.Ledger.Marks.NextCreate = (FaultyMarks.Fault)fault;
            await tenants.OpenOnceAsync();
            var waiting = (await tenants.FindAsync()).Opening!;
            Assert.StartsWith("high-water mark: ", waiting.LastError, StringComparison.Ordinal);
            await tenants.OpenOnceAsync();
            if (bare) await tenants.CheckOpenAsync(TenantsUnderTest.Acme);
            else Assert.Equal(TenantState.Active, (await tenants.FindAsync()).State);
        }
    }

    // Steps 1 and 3, in the database: four keys and the rows, of the audit trail's log and then of the tenant's.
    [PostgresTheory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    [InlineData(6), InlineData(7), InlineData(8), InlineData(9), InlineData(10)]
    public async Task A_crash_around_any_commit_is_mended_by_the_next_attempt(int commit)
    {
        foreach (var afterItPersisted in new[] { false, true })
        {
            await using var tenants = await TenantsUnderTest.StartAsync(bare: true);
            await using var way = new CommitCutter(tenants.Ledger.Database.Workers);
            await tenants.AddAsync();
            way.CutAt(commit, afterItPersisted);
            await tenants.OpenOnceAsync(way.ConnectionString);
            if (commit == 10 && afterItPersisted) // it was open, and the job done, before anybody heard of it
                Assert.Equal(TenantState.Active, (await tenants.FindAsync()).State);
            else await tenants.OpenOnceAsync();
            await tenants.CheckOpenAsync(TenantsUnderTest.Acme);
        }
    }

    [PostgresFact]
    public async Task While_the_signer_is_away_the_job_waits_and_never_gives_up()
    {
        await using var tenants = await TenantsUnderTest.StartAsync();
        await tenants.AddAsync();
        tenants.Ledger.Vault.Faults.Set(FaultMode.Down);
        for (var i = 0; i < TenantOpening.MaxAttempts + 2; i++) await tenants.OpenOnceAsync();
        Assert.Equal("pending|network|0", await RowAsync(tenants, "status || '|' || last_error_class || '|' || counted_attempts"));
        Assert.StartsWith("signer-unavailable: ", (await tenants.FindAsync()).Opening!.LastError, StringComparison.Ordinal);

        tenants.Ledger.Vault.Faults.Clear();
        await tenants.OpenOnceAsync();
        Assert.Equal(TenantState.Active, (await tenants.FindAsync()).State);
    }

    [PostgresFact]
    public async Task A_name_that_was_used_before_ends_as_a_dead_letter_that_says_so_and_opens_once_the_reason_is_gone()
    {
        await using var tenants = await TenantsUnderTest.StartAsync();
        await tenants.Ledger.OpenLogAsync(TenantsUnderTest.Acme);
        await tenants.Ledger.AppendAsync(7, TenantsUnderTest.Acme);
        await TestLog.IntegrateAsync(tenants.Ledger.StartIntegrator());
        await tenants.Ledger.SqlAsync(string.Concat(new[] { "key_ranges", "scrubs", "tree_heads", "chain_heads", "tenants" }
            .Select(t => $"DELETE FROM {t} WHERE tenant_id = 'acme';")));
        await tenants.AddAsync();
        for (var i = 0; i < TenantOpening.MaxAttempts; i++) await tenants.OpenOnceAsync();

        var view = await tenants.FindAsync();
        Assert.Equal((TenantState.Opening, "dead_letter"), (view.State, view.Opening!.Status));
        Assert.Equal(
            "The high-water mark of 'acme' is at 7, but this database has no such log: restore its database, or choose another name.",
            view.Opening.LastError);
        Assert.Equal("dead_letter", (await tenants.AddAsync()).Opening!.Status); // asking again is no replay
        Assert.Equal(1, await tenants.Ledger.ScalarAsync<long>("SELECT count(*) FROM jobs"));

        // A person made sure that the old log is not missed.
        Directory.Delete(Path.Combine(tenants.Ledger.MarksFolder, "acme"), recursive: true);
        await tenants.Ledger.SqlAsync(
            "UPDATE jobs SET status = 'pending', finished_at = NULL, next_retry_at = created_at, attempt_count = 0, counted_attempts = 0");
        await tenants.OpenOnceAsync();
        Assert.Equal(TenantState.Active, (await tenants.FindAsync()).State);
    }

    [PostgresFact]
    public async Task What_an_operator_asked_for_can_be_opened_by_hand_too_and_its_job_has_nothing_left_to_do()
    {
        await using var tenants = await TenantsUnderTest.StartAsync(bare: true);
        await tenants.AddAsync(TenantsUnderTest.Asked(name: "Acme", isPublic: true));
        tenants.Ledger.Vault.Faults.Set(new Fault(FaultMode.Down) { PathPrefix = Keys + "-anchor-acme", Count = 1 });
        await tenants.OpenOnceAsync();
        Assert.True(await tenants.Ledger.OpenLogAsync(TenantsUnderTest.Acme));
        Assert.False(await tenants.Ledger.OpenLogAsync(TenantsUnderTest.Acme));
        Assert.Equal((TenantState.Active, "Acme", true), ((await tenants.FindAsync()).State, (await tenants.FindAsync()).Name,
            (await tenants.FindAsync()).IsPublic));
        await tenants.OpenOnceAsync();
        await tenants.CheckOpenAsync(TenantsUnderTest.Acme);
    }

    [PostgresFact]
    public async Task Of_two_that_open_the_same_tenant_at_once_one_does_and_the_other_finds_it_open()
    {
        await using var tenants = await TenantsUnderTest.StartAsync(bare: true);
        await tenants.AddAsync();
        await Task.WhenAll(tenants.OpenOnceAsync(), tenants.Ledger.OpenLogAsync(TenantsUnderTest.Acme));
        if (await RowAsync(tenants, "status") != "done") await tenants.OpenOnceAsync();
        Assert.Equal((TenantState.Active, 1L), ((await tenants.FindAsync()).State,
            await tenants.Ledger.ScalarAsync<long>("SELECT count(*) FROM chain_heads WHERE tenant_id = 'acme'")));
    }

    private static Task<string> RowAsync(TenantsUnderTest tenants, string columns) =>
        tenants.Ledger.ScalarAsync<string>($"SELECT {columns} FROM jobs WHERE queue = '{JobQueues.TenantOpenings}'");
}
