using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>The quarantine of a transparency log that showed two histories: nothing more is submitted there until a person lifts
/// it.</summary>
public sealed class LogQuarantine(LedgerDatabase database, AuditOutbox audit, TimeProvider time)
{
    private const string Actor = "ledger-workers";

    /// <summary>Why the log is quarantined; null where it is not.</summary>
    public async Task<string?> FindAsync(string log, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT quarantine_reason FROM transparency_logs WHERE tl_log_id = $1 AND quarantined_at IS NOT NULL", cancel, Text(log));
        return await reader.ReadAsync(cancel) ? reader.GetString(0) : null;
    }

    /// <summary>Sets it, and records it in the audit trail. The first reason stays. False where it was set already.</summary>
    public async Task<bool> SetAsync(ITransparencyLog log, string reason, CancellationToken cancel)
    {
        var id = log.Trusted.LogId.ToHex();
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        var changed = await transaction.ExecuteAsync("""
            INSERT INTO transparency_logs AS l (tl_log_id, ordinal, backend, url, quarantined_at, quarantine_reason)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tl_log_id) DO UPDATE SET quarantined_at = EXCLUDED.quarantined_at, quarantine_reason = EXCLUDED.quarantine_reason
             WHERE l.quarantined_at IS NULL
            """, cancel, Text(id), Int(log.Ordinal), Text(log.Backend), Text(log.Url.AbsoluteUri), Time(time.GetUtcNow()), Text(reason));
        if (changed == 0) return false;
        await audit.WriteAsync(transaction, TenantId.PlatformAudit, new AuditEvent(Actor, "transparency-log.quarantine", id), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Lifts it, and forgets the heads that were seen: the log is taken as it shows itself next. Runs as the owner's role;
    /// audited.</summary>
    /// <returns>The reason it had; null where there was no quarantine.</returns>
    public async Task<string?> LiftAsync(string log, string actor, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        string reason;
        await using (var reader = await transaction.QueryAsync("""
            SELECT quarantine_reason FROM transparency_logs WHERE tl_log_id = $1 AND quarantined_at IS NOT NULL FOR UPDATE
            """, cancel, Text(log)))
        {
            if (!await reader.ReadAsync(cancel)) return null;
            reason = reader.GetString(0);
        }
        await transaction.ExecuteAsync(
            "UPDATE transparency_logs SET quarantined_at = NULL, quarantine_reason = NULL WHERE tl_log_id = $1", cancel, Text(log));
        await transaction.ExecuteAsync("DELETE FROM transparency_log_heads WHERE tl_log_id = $1", cancel, Text(log));
        await audit.WriteAsync(transaction, TenantId.PlatformAudit, new AuditEvent(actor, "transparency-log.lift-quarantine", log), cancel);
        await transaction.CommitAsync(cancel);
        return reason;
    }
}
