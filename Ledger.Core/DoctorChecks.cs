using Ledger.Core.Anchoring;
using Ledger.Core.Doctor;
using Ledger.Core.Identity;
using Ledger.Core.Notifications;
using Ledger.Core.People;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Core;

/// <summary>The doctor of a process: every check that there is, in the order of its lines. What a process is not configured for says so
/// itself.</summary>
public static class DoctorChecks
{
    private static readonly TimeSpan HttpPatience = TimeSpan.FromSeconds(8);

    private const int MostAnswerBytes = 1 << 20;

    /// <param name="database">In a role that reads across tenants.</param>
    public static void AddDoctor(this IServiceCollection services, Func<IServiceProvider, DoctorDatabase> database)
    {
        services.AddChecked<DoctorOptions>(DoctorOptions.Section);
        services.AddSingleton(database);
        services.AddSingleton(s => new Examination(All(s), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DoctorRounds>();
    }

    private static IEnumerable<IDoctorCheck> All(IServiceProvider services)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            { Timeout = HttpPatience, MaxResponseContentBufferSize = MostAnswerBytes };
        return
        [
            Make<DatabaseCheck>(),
            Make<MigrationsCheck>(),
            Make<GuardsCheck>(),
            Make<KeysCheck>(),
            Make<VaultCheck>(Make<VaultAnswers>(http)),
            Make<MarksCheck>(),
            Make<CheckpointsCheck>(),
            Make<ScrubsCheck>(),
            Make<StorageCheck>(),
            .. Logs(services.GetRequiredService<TransparencyLogs>().All),
            Make<QuarantineCheck>(),
            Make<TimestampingCheck>(),
            .. Issuers(CheckedRealm.ReadAll(services.GetRequiredService<IConfiguration>()).Realms),
            Make<PeopleCheck>(http),
            Make<MailCheck>(),
            Make<QueuesCheck>(),
            Make<DeadLettersCheck>(),
            Make<BackupCheck>(),
        ];

        T Make<T>(params object[] own) => ActivatorUtilities.CreateInstance<T>(services, own);

        IEnumerable<IDoctorCheck> Logs(IReadOnlyList<ITransparencyLog> logs) => logs.Count > 0 ? logs.Select(log => Make<RekorCheck>(log))
            : [new NotConfigured("rekor", "nothing is anchored from here (Rekor:Logs)")];

        IEnumerable<IDoctorCheck> Issuers(IReadOnlyList<CheckedRealm> realms) => realms.Count > 0
            ? realms.Select(realm => Make<IdentityCheck>(realm, http))
            : [new NotConfigured("identity", "no tokens are judged here (Identity:Issuers)")];
    }
}
