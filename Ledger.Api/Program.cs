using Ledger.Api.Anchoring;
using Ledger.Api.ApiKeys;
using Ledger.Api.Attestations;
using Ledger.Api.Checkpoints;
using Ledger.Api.Entries;
using Ledger.Api.Jobs;
using Ledger.Api.Operations;
using Ledger.Api.People;
using Ledger.Api.Problems;
using Ledger.Api.Signing;
using Ledger.Api.Tenancy;
using Ledger.Api.Tenants;
using Ledger.Api.Verification;
using Ledger.Core;
using Ledger.ServiceDefaults;
using Ledger.ServiceDefaults.Operations;
using Ledger.ServiceDefaults.Telemetry;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults();
    builder.AddLedger();
    builder.AddIdentity();
    builder.AddAccess();
    builder.AddProblems();
    builder.AddOpenApiDocument();

    var app = builder.Build();
    app.CheckConfiguration();
    app.UseServerSpans("/health", "/alive");
    app.UseRequestIds();
    app.UseAnswerHeaders();
    app.UseProblems();
    app.UseAdminNetwork();
    app.UseTokenLimits();
    app.UseAuthentication();
    app.UseRateLimits();
    app.UseAuthorization();

    app.MapAppend();
    app.MapEntries();
    app.MapChainProof();
    app.MapCheckpoints();
    app.MapAnchors();
    app.MapLog();
    app.MapRekorVerify();
    app.MapAttestations();
    app.MapAttestationKeys();
    app.MapLedgerKeys();
    app.MapApiKeys();
    app.MapPolicy();
    app.MapAnchoringOverview();
    app.MapDeadLetters();
    app.MapAudit();
    app.MapDoctor();
    app.MapTenants();
    app.MapTenantExport();
    app.MapInvitations();
    app.MapUsers();
    app.MapLinks();
    app.MapHealth();
    app.MapOpenApiDocument();

    await app.RunAsync();
    return 0;
}
catch (ConfigurationFault fault)
{
    foreach (var line in fault.Lines) await Console.Error.WriteLineAsync($"ledger-api: {line}");
    return ConfigurationFaults.ExitCode;
}
