using System.CommandLine;
using Ledger.Core;
using Ledger.Core.Jobs;
using Ledger.Core.Tenants;
using Ledger.Workers.Anchoring;
using Ledger.Workers.Checkpoints;
using Ledger.Workers.Entries;
using Ledger.Workers.Jobs;
using Ledger.Workers.People;
using Ledger.Workers.Verification;

namespace Ledger.Workers.Operations;

/// <summary><c>run</c>: every loop until SIGTERM. Any number of processes may run at once.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    public static Command Create()
    {
        var urls = new Option<string?>("--urls")
        {
            Description = "Where to answer /health and /alive, e.g. http://127.0.0.1:8089 (else ASPNETCORE_URLS; without either, nowhere).",
        };
        var command = new Command(Name, "Runs the background loops until it is told to stop.") { urls };
        command.SetAction(async (parsed, cancel) =>
        {
            using var host = WorkersHost.ForLoops(parsed.GetValue(urls), AddLoops);
            await host.RunAsync(cancel);
            return 0;
        });
        return command;
    }

    private static void AddLoops(IServiceCollection services, IConfiguration configuration)
    {
        services.AddHostedService<IntegratorLoop>();
        services.AddOptions<ScrubberOptions>().BindConfiguration(ScrubberOptions.Section)
            .Validate(o => o.EntriesPerSecond is >= 1 and <= 1_000_000, "Scrubber:EntriesPerSecond must be 1 to 1000000.")
                .ValidateOnStart();
        services.AddHostedService<ScrubberLoop>();
        services.AddHostedService<AuditLoop>();
        services.AddHostedService<IdempotencyCleaner>();
        services.AddHostedService<LogWatchLoop>();
        services.AddHostedService<AnchorLoop>();
        services.AddOptions<JobOptions>().BindConfiguration(JobOptions.Section);
        services.AddSingleton<JobWakeups>();
        services.AddHostedService<JobListener>();
        services.AddSingleton<IJobHandler, TenantOpening>();
        services.AddPeopleWork(configuration);
        services.AddHostedService<PeopleWarnings>();
        services.AddHostedService<InvitationExpiryLoop>();
        services.AddHostedService<JobLoops>();
        services.AddHostedService<JobUpkeepLoop>();
    }
}
