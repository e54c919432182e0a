using System.Globalization;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Operations;

/// <summary>Writes refusals into the audit outbox, beside the requests that met them.</summary>
internal sealed class RefusedAccessWriter(RefusedAccess refused, AdminDatabase operators, AuditOutbox audit, TimeProvider time,
    ILogger<RefusedAccessWriter> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var refusal in refused.Waiting.ReadAllAsync(stoppingToken))
            {
                while (!await TryWriteAsync(refusal, stoppingToken)) await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Those that wait are few and as good as any: one try each.
            while (refused.Waiting.TryRead(out var refusal) && await TryWriteAsync(refusal, CancellationToken.None)) { }
        }
    }

    private async Task<bool> TryWriteAsync(RefusedAccess.Refusal refusal, CancellationToken cancel)
    {
        var (tenant, principal, operation, reason) = refusal.Kind;
        var details = new Dictionary<string, string> { ["reason"] = reason };
        if (refusal.Dropped is { } dropped) details["dropped"] = dropped.ToString(CultureInfo.InvariantCulture);
        else if (refusal.Suppressed > 0) details["suppressed"] = refusal.Suppressed.ToString(CultureInfo.InvariantCulture);
        try
        {
            await using var transaction = await operators.Database.BeginAsync(tenant, cancel);
            await audit.WriteAsync(transaction, tenant, new AuditEvent(principal, RefusedAccess.Action, operation, details), cancel);
            await transaction.CommitAsync(cancel);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogWarning("a refusal cannot be written into the audit trail now: {Reason}", e.Message);
            return false;
        }
    }
}
