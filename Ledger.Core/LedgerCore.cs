using Amazon.S3;
using Ledger.Core.Anchoring;
using Ledger.Core.ApiKeys;
using Ledger.Core.Attestations;
using Ledger.Core.Checkpoints;
using Ledger.Core.Entries;
using Ledger.Core.Jobs;
using Ledger.Core.Operations;
using Ledger.Core.People;
using Ledger.Core.Signing;
using Ledger.Core.Storage;
using Ledger.Core.Telemetry;
using Ledger.Core.Tenancy;
using Ledger.Core.Verification;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ledger.Core;

/// <summary>Everything the API and the workers share, registered room by room.</summary>
public static class LedgerCore
{
    // A captured client would never look its server's name up again: connections are renewed instead.
    private static readonly TimeSpan VaultConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <param name="builder">The host; its configuration gets the ancestors' aliases.</param>
    /// <param name="role">The role that this program's transactions take on.</param>
    /// <param name="caller">Which of the two Vault tokens it signs with.</param>
    public static TBuilder AddLedgerCore<TBuilder>(this TBuilder builder, DatabaseRole role, VaultCaller caller) where TBuilder
        : IHostApplicationBuilder
    {
        builder.Configuration.AddLedgerAliases();
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddTenancy(role);
        services.AddSigning(caller);
        services.AddStorage();
        services.AddEntries();
        services.AddCheckpoints();
        services.AddVerification();
        services.AddJobs();
        services.AddAnchoring();
        services.AddAttestations();
        services.AddApiKeys();
        services.AddPeople();
        return builder;
    }

    private static void AddTenancy(this IServiceCollection services, DatabaseRole role)
    {
        services.AddChecked<LedgerOptions>(LedgerOptions.Section);
        services.AddChecked<DatabaseOptions>(DatabaseOptions.Section);
        services.AddSingleton<IdSource>();
        services.AddSingleton<RandomSource>();
        services.AddSingleton<DatabaseResilience>();
        services.AddSingleton(s => new LedgerDatabase(s.GetRequiredService<IOptions<DatabaseOptions>>().Value.Ledger, role,
            resilience: s.GetRequiredService<DatabaseResilience>()));
        services.AddSingleton<DatabaseProbe>();
        services.AddSingleton<TenantStandings>();
        services.AddSingleton<AuditOutbox>();
        services.AddSingleton<LedgerMeter>();
        services.AddSingleton<CircuitMetrics>();
        services.AddSingleton<DatabaseMetrics>();
    }

    private static void AddSigning(this IServiceCollection services, VaultCaller caller)
    {
        services.AddChecked<VaultOptions>(VaultOptions.Section)
            .Configure(o => o.Caller = caller)
            .Validate(o => o.Token is { Length: > 0 }, caller == VaultCaller.Api
                ? "Vault:EntryToken is not set: the token that may sign entries."
                : "Vault:WorkerToken is not set: the token that signs checkpoints and makes keys.");
        services.AddSingleton(s => new KeyNames(s.GetRequiredService<IOptions<VaultOptions>>().Value.TransitKey));
        services.AddSingleton(s => new VaultTransit(
            new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = VaultConnectionLifetime }),
            s.GetRequiredService<IOptions<VaultOptions>>(),
            VaultResilience.Create(s.GetRequiredService<TimeProvider>(), s.GetRequiredService<CircuitMetrics>().Of("vault")),
            s.GetRequiredService<ILogger<VaultTransit>>()));
        services.AddSingleton<SigningKeyRegistry>();
        services.AddSingleton<SignerMetrics>();
        services.AddSingleton<VerifiedSigner>();
        services.AddSingleton<EntrySigner>();
    }

    private static void AddStorage(this IServiceCollection services)
    {
        services.AddChecked<StorageOptions>(StorageOptions.Section);
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton(s => StorageClient.Create(s.GetRequiredService<IOptions<StorageOptions>>().Value));
        services.AddSingleton(s => new ObjectStorage(s.GetRequiredService<IAmazonS3>(),
            StorageResilience.Create(s.GetRequiredService<TimeProvider>(), s.GetRequiredService<CircuitMetrics>().Of("storage")),
            s.GetRequiredService<StorageMetrics>()));
    }

    private static void AddEntries(this IServiceCollection services)
    {
        services.AddSingleton<EntryPreparation>();
        services.AddSingleton<EpochReader>();
        services.AddSingleton<LogFloors>();
        services.AddSingleton<ChainWriter>();
        services.AddSingleton<KeptAnswers>();
        services.AddSingleton<AppendMetrics>();
        services.AddSingleton<Appender>();
        services.AddSingleton<EntryReader>();
        services.AddSingleton<MetaErasure>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<IdempotencyCleaning>();
    }

    private static void AddCheckpoints(this IServiceCollection services)
    {
        services.AddChecked<HighWaterMarkOptions>(HighWaterMarkOptions.Section);
        services.AddSingleton<FileHighWaterMarkStore>();
        services.AddSingleton<S3HighWaterMarkStore>();
        services.AddSingleton<IHighWaterMarkStore>(s => s.GetRequiredService<IOptions<HighWaterMarkOptions>>().Value.Bucket.Length > 0
            ? s.GetRequiredService<S3HighWaterMarkStore>() : s.GetRequiredService<FileHighWaterMarkStore>());
        services.AddSingleton<IMarkedSize, MarkedSize>();
        services.AddSingleton<LogReader>();
        services.AddSingleton<CheckpointReader>();
        services.AddSingleton<ProofReader>();
        services.AddSingleton<BundleReader>();
        services.AddSingleton<TrustFileReader>();
        services.AddSingleton<LogOpening>();
        services.AddSingleton<EpochOpening>();
        services.AddSingleton<KeyRetirement>();
        services.AddSingleton<HeadMetrics>();
        services.AddSingleton<Integrator>();
    }

    private static void AddVerification(this IServiceCollection services)
    {
        services.AddSingleton<ChainProof>();
        services.AddSingleton<VerifyMetrics>();
        services.AddSingleton<Scrubber>();
    }

    private static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobBackoff>();
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobUpkeep>();
        services.AddSingleton<JobGauges>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<FrozenBytes>();
    }

    private static void AddAnchoring(this IServiceCollection services)
    {
        services.AddSingleton<LogMetrics>();
        services.AddChecked<TimestampingOptions>(TimestampingOptions.Section);
        services.AddChecked<RekorOptions>(RekorOptions.Section)
            .Validate<IConfiguration>((o, all) => all[$"{TimestampingOptions.Section}:{nameof(TimestampingOptions.Url)}"] is { Length: > 0 }
                    || o.Logs.All(log => log.Version != 2),
                $"{TimestampingOptions.Section}:{nameof(TimestampingOptions.Url)} is not set: a Rekor v2 log gives no time of its own.");
        services.AddSingleton(s => TransparencyLogs.Of(
            s.GetRequiredService<IOptions<RekorOptions>>().Value, s.GetRequiredService<IOptions<TimestampingOptions>>().Value,
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<LogMetrics>()));
        services.AddSingleton(s => TimestampClient.Of(
            s.GetRequiredService<IOptions<TimestampingOptions>>().Value, s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<LogMetrics>()));
        services.AddSingleton<AnchorPolicyStore>();
        services.AddSingleton<AnchorReader>();
        services.AddSingleton<RefreshTurns>();
        services.AddSingleton<AnchorInspection>();
        services.AddChecked<LogWatchOptions>(LogWatchOptions.Section);
        services.AddSingleton<LogQuarantine>();
        services.AddSingleton<LogWarnings>();
        services.AddSingleton<LogWatchMetrics>();
        services.AddSingleton<LogWatch>();
        services.AddSingleton<LogRows>();
        services.AddSingleton<AnchorScheduler>();
        services.AddSingleton<AnchorUpkeep>();
        services.AddSingleton<AnchorMetrics>();
        services.AddSingleton<AnchorSigning>();
        services.AddSingleton<AnchorSubmission>();
        services.AddSingleton<AnchorAttempt>();
        services.AddSingleton<AnchorHandlers>();
        services.AddSingleton<IEntryRiders, PayloadRiders>();
        services.AddSingleton<IReplayCheck>(new AnchorReplayCheck(JobQueues.CheckpointAnchors));
        services.AddSingleton<IReplayCheck>(new AnchorReplayCheck(JobQueues.EntryAnchors));
    }

    private static void AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyReader>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<ApiKeyUses>();
    }

    private static void AddAttestations(this IServiceCollection services)
    {
        services.AddSingleton<AttestationKeyStore>();
        services.AddSingleton<AttestationReader>();
        services.AddSingleton<AttestationWriter>();
    }

    private static void AddPeople(this IServiceCollection services)
    {
        services.AddSingleton<PersonJobs>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<InvitationStore>();
        services.AddSingleton<InvitationAcceptance>();
        services.AddSingleton<PeopleStore>();
        services.AddSingleton<PeopleSync>();
        services.AddSingleton<PeopleReapplying>();
        services.AddSingleton<IReplayCheck>(new PeopleReplayCheck(JobQueues.PeopleToApply, "person"));
        services.AddSingleton<IReplayCheck>(new AdoptionReplayCheck());
        services.AddSingleton<IReplayCheck>(new PeopleReplayCheck(JobQueues.Notifications, "invitation"));
    }
}
