using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tenants;
using Ledger.Core.Tests.Checkpoints;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Tenants;

/// <summary>What operators do with tenants, and what the audit trail says of it.</summary>
public sealed class TenantDirectoryTests
{
    private static readonly FirstAdmin Ada = new("ada@example.com", "Ada", "Lovelace");
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresFact]
    public async Task Asking_again_with_the_same_request_finds_the_tenant_and_with_another_is_refused()
    {
        await using var tenants = await TenantsUnderTest.StartAsync();
        var (first, isNew) = await tenants.Directory.AddAsync(TenantsUnderTest.Asked(admin: Ada), "olga", None);
        Assert.True(isNew);
        var (again, againIsNew) = await tenants.Directory.AddAsync(TenantsUnderTest.Asked(admin: Ada), "another operator", None);
        Assert.Equal((false, first), (againIsNew, again));
        foreach (var other in new[] { TenantsUnderTest.Asked(), TenantsUnderTest.Asked(name: "Acme", admin: Ada),
                     TenantsUnderTest.Asked(isPublic: true, admin: Ada), TenantsUnderTest.Asked(admin: Ada with { FirstName = "Eda" }),
                     TenantsUnderTest.Asked("demo") /* made by hand: nobody asked for it */ })
            Assert.Equal(ProblemTypes.TenantExists,
                (await LedgerUnderTest.ProblemOfAsync(() => tenants.Directory.AddAsync(other, "olga", None))).Type);

        Assert.Equal((1L, 1L, 1L), (await CountAsync(tenants, "jobs WHERE queue = 'tenants.to_open'"),
            await CountAsync(tenants, "people WHERE tenant_id = 'acme' AND role = 'CLIENT_ADMIN'"),
            await CountAsync(tenants, "invitations WHERE tenant_id = 'acme'")));
        await tenants.OpenOnceAsync();
        Assert.Equal(TenantState.Active, (await tenants.AddAsync(TenantsUnderTest.Asked(admin: Ada))).State);
        Assert.Equal(1, await CountAsync(tenants, "jobs WHERE queue = 'tenants.to_open'"));
    }

    [PostgresFact]
    public async Task Of_two_who_ask_at_once_one_makes_the_tenant()
    {
        await using var tenants = await TenantsUnderTest.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => tenants.Directory.AddAsync(TenantsUnderTest.Asked(), "olga", None)));
        Assert.Single(answers, a => a.IsNew);
        Assert.Equal(1, await CountAsync(tenants, "jobs"));
    }

    [PostgresFact]
    public async Task A_first_administrator_who_cannot_be_invited_leaves_no_tenant_behind()
    {
        await using var tenants = await TenantsUnderTest.StartAsync();
        var problem = await LedgerUnderTest.ProblemOfAsync(() => tenants.Directory.AddAsync(
            TenantsUnderTest.Asked(admin: Ada with { Email = "nobody" }), "olga", None));
        Assert.Equal((ProblemTypes.InvalidField, "admin.email"), (problem.Type, problem.Field));
        Assert.Null(await tenants.Directory.FindAsync(TenantsUnderTest.Acme, None));
        Assert.Equal(0, await CountAsync(tenants, "jobs"));
    }

    [PostgresFact]
    public async Task A_job_that_was_given_up_is_made_anew_by_asking_again()
    {
        await using var tenants = await TenantsUnderTest.StartAsync();
        await tenants.AddAsync();
        await tenants.Ledger.SqlAsync("UPDATE jobs SET status = 'discarded', finished_at = now()");
        Assert.Null((await tenants.FindAsync()).Opening);
        for (var i = 0; i < 2; i++) Assert.Equal("pending", (await tenants.AddAsync()).Opening!.Status);
        Assert.Equal("tenant.add, tenant.retry", await tenants.Ledger.ScalarAsync<string>("""
            SELECT string_agg(e ->> 'action', ', ' ORDER BY e ->> 'action')
              FROM (SELECT convert_from(event, 'UTF8')::jsonb e FROM audit_outbox WHERE tenant_id = 'acme') a
            """));
        await tenants.OpenOnceAsync();
        Assert.Equal(TenantState.Active, (await tenants.FindAsync()).State);
    }

    [PostgresFact]
    public async Task Suspending_and_resuming_change_once_keep_the_first_reason_and_are_told_of_once()
    {
        await using var tenants = await TenantsUnderTest.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            var suspended = await tenants.Directory.SuspendAsync(TestLog.Demo, $"reason {i}", "olga", None);
            Assert.Equal((TenantState.Suspended, "reason 0"), (suspended!.State, suspended.Suspension!.Reason));
        }
        tenants.Ledger.Time.Advance(TimeSpan.FromSeconds(1)); // what happens later has a later id
        for (var i = 0; i < 2; i++)
        {
            var resumed = await tenants.Directory.ResumeAsync(TestLog.Demo, "olga", None);
            Assert.Equal((TenantState.Active, (TenantSuspension?)null), (resumed!.State, resumed.Suspension));
        }
        tenants.Ledger.Time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 2; i++)
        {
            var limited = await tenants.Directory.LimitAsync(TestLog.Demo, new TenantAllowance(5, null, 0)
            {
                IdentityProviders = ["acme-sso", "b"],
            }, "olga", None);
            Assert.Equal((5, null, 0, "acme-sso b"), (limited!.Limits.RequestsPerSecond, limited.Limits.People, limited.Limits.ApiKeys,
                string.Join(' ', limited.Limits.IdentityProviders)));
        }
        Assert.Equal(
            """
            tenant.suspend olga demo {"reason": "reason 0"}
            tenant.resume olga demo {}
            tenant.limits olga demo {"people": "", "api_keys": "0", "identity_providers": "acme-sso b", "requests_per_second": "5"}
            """, await tenants.Ledger.ScalarAsync<string>("""
            SELECT string_agg(concat_ws(' ', e ->> 'action', e ->> 'actor', e ->> 'target', COALESCE(e ->> 'details', '{}')), chr(10)
                              ORDER BY id)
              FROM (SELECT id, convert_from(event, 'UTF8')::jsonb e FROM audit_outbox WHERE tenant_id = 'demo') a
             WHERE e ->> 'actor' = 'olga'
            """));
    }

    [PostgresFact]
    public async Task What_is_not_open_is_neither_suspended_nor_resumed_and_what_is_the_services_own_is_not_there()
    {
        await using var tenants = await TenantsUnderTest.StartAsync();
        await tenants.AddAsync();
        foreach (var act in Acts(tenants, TenantsUnderTest.Acme).Take(2))
            Assert.Equal(ProblemTypes.TenantNotOpen, (await LedgerUnderTest.ProblemOfAsync(act)).Type);
        foreach (var tenant in new[] { TenantId.PlatformAudit, TenantId.Parse("nobody") })
        {
            foreach (var act in Acts(tenants, tenant)) Assert.Null(await act());
        }
        Assert.Equal(TenantState.Active, (await tenants.FindAsync("platform-audit")).State);
        Assert.Equal(7, (await tenants.Directory.LimitAsync(TenantsUnderTest.Acme, new TenantAllowance(7, null, null), "olga", None))!
            .Limits.RequestsPerSecond);
    }

    [PostgresFact]
    public async Task A_list_goes_by_name_and_on_after_one()
    {
        await using var tenants = await TenantsUnderTest.StartAsync();
        await tenants.AddAsync();
        Assert.Equal(["acme", "demo"], (await tenants.Directory.ListAsync(null, 2, None)).Select(t => t.Tenant.Value));
        Assert.Equal(["demo", "platform-audit"], (await tenants.Directory.ListAsync("acme", 9, None)).Select(t => t.Tenant.Value));
    }

    private static IEnumerable<Func<Task<TenantView?>>> Acts(TenantsUnderTest tenants, TenantId tenant) =>
    [
        () => tenants.Directory.SuspendAsync(tenant, "reason", "olga", None),
        () => tenants.Directory.ResumeAsync(tenant, "olga", None),
        () => tenants.Directory.LimitAsync(tenant, new TenantAllowance(1, 1, 1), "olga", None),
    ];

    private static Task<long> CountAsync(TenantsUnderTest tenants, string what) =>
        tenants.Ledger.ScalarAsync<long>($"SELECT count(*) FROM {what}");
}
