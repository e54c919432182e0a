using Ledger.Core.Jobs;
using Ledger.Core.Notifications;
using Ledger.Core.People;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ledger.Core;

/// <summary>What the workers alone do for people: only they hold the secret that changes users, and the mail server's.</summary>
public static class PeopleWork
{
    /// <summary>Registers the handlers of the queues that the configuration allows: people where there is a Keycloak, mails where there
    /// is a mail server too, since the code is set as a password first.</summary>
    public static void AddPeopleWork(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<PeopleOptions>(PeopleOptions.Section);
        services.AddChecked<SmtpOptions>(SmtpOptions.Section);
        services.AddSingleton<InvitationExpiry>();
        if (configuration[$"{PeopleOptions.Section}:{nameof(PeopleOptions.KeycloakAddress)}"] is not { Length: > 0 }) return;
        services.AddSingleton(s => KeycloakAdmin.Of(s.GetRequiredService<IOptions<PeopleOptions>>().Value,
            s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IJobHandler, PersonApplying>();
        services.AddSingleton<Adoptions>();
        services.AddSingleton<IJobHandler, PeopleAdopting>();

        if (configuration[$"{SmtpOptions.Section}:{nameof(SmtpOptions.Host)}"] is not { Length: > 0 }) return;
        services.AddSingleton(s => new Mailer(s.GetRequiredService<IOptions<SmtpOptions>>().Value, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<InvitationMails>();
        services.AddSingleton<IJobHandler, InvitationSending>();
    }
}
