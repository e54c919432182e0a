using Ledger.Core.Jobs;
using Ledger.Core.Notifications;
using Ledger.Core.People;
using Microsoft.Extensions.Options;

namespace Ledger.Workers.People;

/// <summary>Says at the start which queues nobody works on here. Their jobs wait for a worker that is configured.</summary>
internal sealed class PeopleWarnings(IOptions<PeopleOptions> people, IOptions<SmtpOptions> smtp,
    ILogger<PeopleWarnings> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (people.Value.KeycloakAddress is null)
            log.LogWarning("People:KeycloakAddress is not set: jobs of {People}, {Adoptions} and {Mails} are not worked on here",
                JobQueues.PeopleToApply, JobQueues.PeopleToAdopt, JobQueues.Notifications);
        else if (string.IsNullOrEmpty(smtp.Value.Host))
            log.LogWarning("Smtp:Host is not set: jobs of {Mails} are not worked on here", JobQueues.Notifications);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
