using Ledger.Core.Jobs;
using Ledger.Core.Operations;
using Ledger.Core.People;
using Ledger.Core.Tenancy;
using Ledger.Core.Tenants;
using Ledger.Core.Tests.Checkpoints;
using Ledger.Core.Tests.Jobs;

namespace Ledger.Core.Tests.Tenants;

/// <summary>Tenants as operators ask for them and workers open them, on real logs.</summary>
internal sealed class TenantsUnderTest : IAsyncDisposable
{
    public static readonly TenantId Acme = TenantId.Parse("acme");
    public const string Operator = "olga@ledger-platform";

    private readonly AdminDatabase operators;
    private readonly JobQueue jobs;
    private readonly JobRunner runner;

    private TenantsUnderTest(TestLog ledger)
    {
        Ledger = ledger;
        operators = new AdminDatabase(ledger.Database.Api);
        Standings = new TenantStandings(ledger.Api.Database, ledger.Time);
        jobs = new JobQueue(ledger.StartWorker().Database, new IdSource(), QueueUnderTest.Backoff, ledger.Time);
        runner = new JobRunner(jobs, ledger.Time, ledger.Log.For<JobRunner>());
        var audit = new AuditOutbox(ledger.Time, new IdSource());
        Directory = new TenantDirectory(operators, new Invitations(new PersonJobs(jobs, ledger.Time),
            audit, new IdSource(), ledger.Time), jobs, audit,
            Standings, ledger.Time);
    }

    public TestLog Ledger { get; }

    public TenantStandings Standings { get; }

    public TenantDirectory Directory { get; }

    /// <param name="bare">Without a tenant, not even that of the audit trail.</param>
    public static async Task<TenantsUnderTest> StartAsync(bool bare = false) => new(await TestLog.StartAsync(bare));

    public static NewTenant Asked(string tenant = "acme", string? name = null, bool isPublic = false, FirstAdmin? admin = null) =>
        new(TenantId.Parse(tenant), name, isPublic, admin);

    public async Task<TenantView> AddAsync(NewTenant? asked = null) =>
        (await Directory.AddAsync(asked ?? Asked(), Operator, CancellationToken.None)).Tenant;

    public async Task<TenantView> FindAsync(string tenant = "acme") =>
        (await Directory.FindAsync(TenantId.Parse(tenant), CancellationToken.None))!;

    /// <summary>What a worker does with the job that is due, once.</summary>
    /// <param name="connection">Another way to the database, for the opening alone.</param>
    public async Task OpenOnceAsync(string? connection = null)
    {
        var job = Assert.Single(await jobs.ClaimAsync(JobQueues.TenantOpenings, null, 10, CancellationToken.None));
        await using var worker = Ledger.Process(connection ?? Ledger.Database.Workers, DatabaseRole.Worker, remember: false);
        await runner.RunAsync(new TenantOpening(Ledger.Opening(worker), jobs), job, CancellationToken.None);
        Ledger.Time.Advance(JobLimits.LongestPause);
    }

    /// <summary>All that an opened tenant is: a sound log that is written to, one key of each kind, one audit event, no job.</summary>
    public async Task CheckOpenAsync(TenantId tenant)
    {
        var view = await FindAsync(tenant.Value);
        Assert.Equal((TenantState.Active, (TenantOpeningJob?)null), (view.State, view.Opening));
        Assert.Equal("done", await Ledger.ScalarAsync<string>($"SELECT status FROM jobs WHERE tenant_id = '{tenant}'"));
        foreach (var purpose in new[] { "anchor", "payload" })
            Assert.Equal(1, await Ledger.ScalarAsync<long>(
                $"SELECT count(*) FROM signing_keys WHERE tenant_id = '{tenant}' AND purpose = '{purpose}'"));
        foreach (var each in new[] { tenant, TenantId.PlatformAudit })
            Assert.Equal($"{Operator} {each}", await Ledger.ScalarAsync<string>($"""
                SELECT string_agg((e ->> 'actor') || ' ' || (e ->> 'target'), ',')
                  FROM (SELECT convert_from(event, 'UTF8')::jsonb e FROM audit_outbox WHERE tenant_id = '{each}') told
                 WHERE e ->> 'action' = 'tenant.add'
                """));
        var integrator = Ledger.StartIntegrator();
        foreach (var each in new[] { tenant, TenantId.PlatformAudit })
        {
            await Ledger.AppendAsync(2, each);
            await TestLog.IntegrateAsync(integrator);
            Assert.Equal(2, await Ledger.CheckLogAsync(each));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await operators.DisposeAsync();
        await Ledger.DisposeAsync();
    }
}
