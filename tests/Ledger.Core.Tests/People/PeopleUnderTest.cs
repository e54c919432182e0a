using Ledger.Core.Jobs;
using Ledger.Core.Notifications;
using Ledger.Core.Operations;
using Ledger.Core.People;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Checkpoints;
using Ledger.Core.Tests.Entries;
using Ledger.Core.Tests.Jobs;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Smtp;
using Ledger.Testing;
using Ledger.Testing.Time;
using Microsoft.Extensions.Options;
using Polly;

namespace Ledger.Core.Tests.People;

/// <summary>People of the tenants demo and other: the API's half and a worker's half, on a database of their own, with a Keycloak in memory
/// and a mail server. The clock stands still.</summary>
internal sealed class PeopleUnderTest : IAsyncDisposable
{
    public static readonly TenantId Demo = LedgerUnderTest.Demo;
    public static readonly NewPerson Ada = new("Ada@example.com", "Ada", "Byron", "CLIENT_TECH");
    public static readonly Changer Admin = new("admin@ledger", "the-admin");

    private readonly TempFolder folder;
    private readonly IdSource ids = new();
    private readonly LedgerProcess api;
    private readonly LedgerProcess worker;
    private readonly JobRunner runner;
    private readonly IJobHandler applying;
    private readonly IJobHandler sending;
    private readonly IJobHandler adopting;

    private PeopleUnderTest(LedgerUnderTest ledger, SmtpSink sink, TempFolder folder, PeopleOptions? options)
    {
        (Ledger, Sink, this.folder, Options) = (ledger, sink, folder, options ?? InMemory);
        (api, worker) = (ledger.StartProcess(), ledger.StartProcess(DatabaseRole.Worker));
        Queue = new JobQueue(worker.Database, ids, QueueUnderTest.Backoff, Time);
        var jobs = new PersonJobs(Queue, Time);
        var audit = new AuditOutbox(Time, ids);
        var invitations = new Invitations(jobs, audit, ids, Time);
        Invitations = new InvitationStore(api.Database, invitations, jobs, audit, Time);
        Acceptance = new InvitationAcceptance(api.Database, jobs, audit, Time);
        People = new PeopleStore(api.Database, jobs, audit, Time);
        Expiry = new InvitationExpiry(worker.Database, new InvitationStore(worker.Database, invitations, jobs, audit, Time),
            Microsoft.Extensions.Options.Options.Create(Options), Time);
        Admin1 = new KeycloakAdmin(new HttpClient(options is null ? Keycloak : KeycloakHttp.Handler(), disposeHandler: options is not null),
            Options, ResiliencePipeline.Empty, Time);
        applying = new PersonApplying(worker.Database, Admin1, Queue, jobs, Time);
        Sync = new PeopleSync(api.Database, jobs, audit);
        adopting = new PeopleAdopting(Admin1, new Adoptions(worker.Database, Queue, jobs, audit, ids, Time), Log.For<PeopleAdopting>());
        var smtp = new SmtpOptions { Host = sink.Host, Port = sink.Port, From = "ledger@example.com" };
        sending = new InvitationSending(new InvitationMails(worker.Database, Queue, Time), Admin1, new Mailer(smtp, TimeProvider.System),
            Queue,
            Microsoft.Extensions.Options.Options.Create(Options), Microsoft.Extensions.Options.Options.Create(smtp),
            Microsoft.Extensions.Options.Options.Create(new LedgerOptions { LogName = "ledger.test" }), Time);
        runner = new JobRunner(Queue, Time, Log.For<JobRunner>());
    }

    public LedgerUnderTest Ledger { get; }

    public FakeKeycloak Keycloak { get; } = new();

    public SmtpSink Sink { get; }

    public RecordedLog Log { get; } = new();

    public ManualTime Time => Ledger.Time;

    public JobQueue Queue { get; }

    public InvitationStore Invitations { get; }

    public InvitationAcceptance Acceptance { get; }

    public PeopleStore People { get; }

    public PeopleSync Sync { get; }

    public InvitationExpiry Expiry { get; }

    public KeycloakAdmin Admin1 { get; }

    public PeopleOptions Options { get; }

    private static PeopleOptions InMemory => new()
    {
        KeycloakAddress = new Uri("http://keycloak.test"), ClientSecret = "secret",
            PortalAddress = new Uri("https://portal.example.com/join"),
    };

    /// <param name="options">Of a Keycloak that listens; null: <see cref="Keycloak"/>.</param>
    public static async Task<PeopleUnderTest> StartAsync(PeopleOptions? options = null)
    {
        var folder = new TempFolder();
        var sink = await SmtpSink.StartAsync(new EmulatorOptions { StateDirectory = folder.Path }, CancellationToken.None);
        var people = new PeopleUnderTest(await LedgerUnderTest.StartAsync(), sink, folder, options);
        await people.Ledger.SqlAsync("UPDATE tenants SET identity_providers = '{demo-sso,later-sso}' WHERE tenant_id = 'demo'");
        return people;
    }

    /// <summary>What <c>people apply</c> does.</summary>
    public Task<int> ReapplyAsync(string tenant) => new PeopleReapplying(worker.Database,
            new PersonJobs(Queue, Time), new AuditOutbox(Time, ids))
        .EnqueueAsync(TenantId.Parse(tenant), "operator", CancellationToken.None);

    public Task<Invitation> InviteAsync(NewPerson? person = null) =>
        Invitations.InviteAsync(Demo, person ?? Ada, Admin, CancellationToken.None);

    /// <summary>Runs every job that is due, and what they make due, until none is.</summary>
    public async Task WorkAsync()
    {
        for (var turn = 0; turn < 20; turn++)
            if (await RunAsync(adopting) + await RunAsync(applying) + await RunAsync(sending) == 0) return;
        Assert.Fail("the jobs never end");
    }

    /// <summary>Works on until nothing is open, as long as an hour: failures are tried again.</summary>
    public async Task WorkOnAsync()
    {
        for (var second = 0; second < 3600; second += 15, Time.Advance(TimeSpan.FromSeconds(15)))
        {
            await WorkAsync();
            if (await Ledger.ScalarAsync<long>("SELECT count(*) FROM jobs WHERE status IN ('pending', 'running')") == 0) return;
        }
        Assert.Fail(string.Join('\n', await Ledger.TableAsync("SELECT queue, status, last_error FROM jobs")));
    }

    /// <summary>Asked for by the administrator, and worked on to the end.</summary>
    public async Task<IReadOnlyList<Person>> AdoptAsync()
    {
        await Sync.AskAsync(Demo, Admin, CancellationToken.None);
        await WorkOnAsync();
        return await People.ListAsync(Demo, null, 1000, CancellationToken.None);
    }

    public async Task<Person> PersonAsync(Guid id) => (await People.FindAsync(Demo, id, CancellationToken.None))!;

    public async Task<Invitation> InvitationAsync(Guid id) => (await Invitations.FindAsync(Demo, id, CancellationToken.None))!;

    /// <summary>The code in the newest mail.</summary>
    public string MailedCode() => CodeIn(Sink.Mails[^1].Body);

    public static string CodeIn(string body) =>
        System.Text.RegularExpressions.Regex.Match(body, "lgi_[a-z0-9-]+_[0-9a-f]{32}_[a-z2-7]{52}").Value;

    /// <summary>Invited, mailed, accepted and applied.</summary>
    public async Task<Person> JoinedAsync(NewPerson? person = null)
    {
        var invitation = await InviteAsync(person);
        await WorkOnAsync();
        await Acceptance.AcceptAsync(MailedCode(), CancellationToken.None);
        await WorkOnAsync();
        return await PersonAsync(invitation.PersonId);
    }

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        await Ledger.DisposeAsync();
        Keycloak.Dispose();
        folder.Dispose();
    }

    private async Task<int> RunAsync(IJobHandler handler)
    {
        var claimed = await Queue.ClaimAsync(handler.Queue, null, 10, CancellationToken.None);
        foreach (var job in claimed) await runner.RunAsync(handler, job, CancellationToken.None);
        return claimed.Count;
    }
}
