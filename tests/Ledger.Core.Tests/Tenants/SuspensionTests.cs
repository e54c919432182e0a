using Ledger.Core.Anchoring;
using Ledger.Core.Attestations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Tenants;

/// <summary>A suspended tenant writes nothing, however late a process learns of it; what it was told before it is told again.</summary>
public sealed class SuspensionTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresFact]
    public async Task A_suspension_waits_for_the_append_under_way_and_refuses_the_one_behind_it()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var standings = new TenantStandings(ledger.Api.Database, ledger.Time);
        var held = await HeldLane.HoldAsync(ledger.Api, Demo); // past the gate, and at the head's lock
        var suspending = SuspendAsync(ledger);
        await ledger.WaitForLockAsync(suspending);
        Assert.Equal(TenantState.Active, (await standings.FindAsync(Demo, None))!.State); // the gate still lets pass
        var behind = ledger.StartProcess().AppendAsync(Demo);

        await held.ReleaseAsync();
        await suspending;
        Assert.Equal(ProblemTypes.TenantSuspended, (await LedgerUnderTest.ProblemOfAsync(() => behind)).Type);
        Assert.Equal(1, await ledger.CheckLogAsync(Demo));
        Assert.Equal(0, (await ledger.Api.AppendAsync(LedgerUnderTest.Other)).Seq); // nobody else waits
    }

    [PostgresFact]
    public async Task Without_the_trigger_it_would_not_wait_and_that_would_be_seen()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync("ALTER TABLE tenants DISABLE TRIGGER await_appends");
        var held = await HeldLane.HoldAsync(ledger.Api, Demo);
        var suspending = SuspendAsync(ledger);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => ledger.WaitForLockAsync(suspending));
        await suspending;
        await held.ReleaseAsync();
    }

    [PostgresFact]
    public async Task What_was_answered_before_is_answered_again_and_what_was_not_leaves_its_key_free()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entry = await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));
        await SuspendAsync(ledger);
        Assert.Equal(entry.Id, (await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"))).Id);
        Assert.Equal(ProblemTypes.TenantSuspended,
            (await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("new")))).Type);
        await ledger.SqlAsync("UPDATE tenants SET state = 'active', suspended_at = NULL, suspended_reason = NULL");
        Assert.Equal(1, (await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("new"))).Seq);
    }

    [PostgresFact]
    public async Task Nothing_is_erased_no_key_is_taken_and_no_policy_changed_but_a_key_may_be_revoked()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entry = await ledger.Api.AppendAsync(Demo);
        var keys = new AttestationKeyStore(ledger.Api.Database, ledger.Api.Audit, ledger.Time);
        var (known, other) = (Key(ledger, "a"), Key(ledger, "b"));
        await keys.AddAsync(Demo, known, "alice", None);
        await SuspendAsync(ledger);
        var policies = new AnchorPolicyStore(ledger.Api.Database, ledger.Api.Audit);
        foreach (var act in new Func<Task>[]
                 {
                     () => ledger.Api.Erasure.EraseAsync(Demo, entry.Id, "alice", None),
                     () => keys.AddAsync(Demo, other, "alice", None),
                     () => policies.ReplaceAsync(Demo, AnchorPolicy.Default with { Entries = 7 }, "alice", None),
                 })
            Assert.Equal(ProblemTypes.TenantSuspended, (await LedgerUnderTest.ProblemOfAsync(act)).Type);
        Assert.False((await keys.AddAsync(Demo, known, "alice", None)).IsNew);
        Assert.True(await keys.RevokeAsync(Demo, known.KeyId, "alice", None));
        Assert.Equal((1L, 1000), (await ledger.ScalarAsync<long>("SELECT count(*) FROM entry_meta"),
            await ledger.ScalarAsync<int>("SELECT anchor_entries FROM tenants WHERE tenant_id = 'demo'")));
        Assert.Null(await policies.FindAsync(TenantId.Parse("nobody"), None));
        Assert.False(await policies.ReplaceAsync(TenantId.Parse("nobody"), AnchorPolicy.Default, "alice", None));
    }

    [PostgresFact]
    public async Task A_suspension_waits_for_the_erasure_under_way()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entry = await ledger.Api.AppendAsync(Demo);
        await using var source = NpgsqlDataSource.Create(ledger.Database.Owner);
        await using var other = await source.OpenConnectionAsync();
        await using var holding = await other.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("SELECT 1 FROM entry_meta FOR UPDATE", other, holding)) await hold.ExecuteNonQueryAsync();
        var erasing = ledger.Api.Erasure.EraseAsync(Demo, entry.Id, "alice", None);
        await ledger.WaitForLockAsync(erasing);
        var suspending = SuspendAsync(ledger);
        await ledger.WaitForLockAsync(suspending, waiting: 2); // the erasure is one
        await holding.CommitAsync();
        Assert.True(await erasing);
        await suspending;
    }

    // In the operators' role, as the directory does.
    private static async Task SuspendAsync(LedgerUnderTest ledger)
    {
        await using var command = LedgerUnderTest.Source(ledger.Database.Api).CreateCommand("""
            SET LOCAL ROLE ledger_admin; SET LOCAL ledger.tenant = 'demo';
            UPDATE tenants SET state = 'suspended', suspended_at = now(), suspended_reason = 'r' WHERE tenant_id = 'demo'
            """);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static AttestationKey Key(LedgerUnderTest ledger, string name)
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        return AttestationKey.Read(name, key.ExportSubjectPublicKeyInfoPem(), ledger.Time.GetUtcNow());
    }
}
