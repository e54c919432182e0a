using Ledger.Api.Anchoring;
using Ledger.Api.ApiKeys;
using Ledger.Api.Attestations;
using Ledger.Api.Checkpoints;
using Ledger.Api.Entries;
using Ledger.Api.Signing;
using Ledger.Core;
using Ledger.Core.Anchoring;
using Ledger.Core.Doctor;
using Ledger.Core.Entries;
using Ledger.Core.Jobs;
using Ledger.Core.Notifications;
using Ledger.Core.People;
using Ledger.Core.Operations;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Core.Tenants;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Operations;

/// <summary>The ledger behind the endpoints, and the server's own limits.</summary>
internal static class LedgerSetup
{
    public static WebApplicationBuilder AddLedger(this WebApplicationBuilder builder)
    {
        try { builder.AddLedgerCore(DatabaseRole.App, VaultCaller.Api); }
        catch (FormatException e) { throw new ConfigurationFault(e.Message); }
        builder.Services.AddSingleton(s => new AdminDatabase(s.GetRequiredService<IOptions<DatabaseOptions>>().Value.Ledger,
            s.GetRequiredService<DatabaseResilience>()));
        builder.Services.AddSingleton<DeadLetters>();
        builder.Services.AddSingleton<OperatorInvitations>();
        builder.Services.AddSingleton<TenantDirectory>();
        builder.Services.AddSingleton<TenantExport>();
        builder.Services.AddSingleton<EntryKeys>();
        builder.Services.AddSingleton<EntryJson>();
        builder.Services.AddSingleton<LogAccess>();
        builder.Services.AddSingleton<ListCursor>();
        builder.Services.AddSingleton<AnchorPages>();
        builder.Services.AddSingleton<CheckpointJson>();
        builder.Services.AddSingleton<AttestationJson>();
        builder.Services.AddSingleton<MarksProbe>();
        builder.Services.AddSingleton<EffectiveInterval>();
        builder.Services.AddSingleton<AnchoringOverview>();
        builder.Services.AddSingleton<RekorProbe>();
        builder.Services.AddSingleton<AuditReader>();
        builder.Services.AddSingleton<RefusalMetrics>();
        builder.Services.AddOptions<PeopleOptions>(); // the workers alone administer people and send mails: absent here
        builder.Services.AddOptions<SmtpOptions>();
        builder.Services.AddDoctor(s => new DoctorDatabase(s.GetRequiredService<AdminDatabase>().Database));
        builder.Services.AddSingleton<RefusedAccess>();
        builder.Services.AddHostedService<RefusedAccessWriter>();
        builder.Services.AddHostedService<ApiKeyUseWriter>();
        builder.Services.ConfigureHttpJsonOptions(json => LedgerJson.Configure(json.SerializerOptions));
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = AppendLimits.BatchBodyBytes;
        });
        return builder;
    }

    /// <summary>Before the first request, not at it.</summary>
    /// <exception cref="ConfigurationFault">Settings are missing or malformed.</exception>
    public static void CheckConfiguration(this WebApplication app)
    {
        if (ConfigurationFaults.Find(app.Services) is { Count: > 0 } faults) throw new ConfigurationFault(faults);
        if (app.Services.GetRequiredService<TransparencyLogs>().All.Count == 0)
            app.Logger.LogWarning("no transparency log is configured here (Rekor:Logs): checkpoints are the workers' to anchor, but "
                + "entries of tenants with policy entry, and attestations, get no anchor of their own");
    }
}
