using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Operations;

/// <summary>Rows of <c>audit_events</c>: where in the log an event is, found by what it says. Written with the entry or not at all.
/// </summary>
public static class AuditRows
{
    /// <summary>The action of what entered the log though it is no event.</summary>
    public const string Unreadable = "audit.unreadable";

    // Cut in the database, which counts characters as the migration's back-fill does.
    private const string InsertSql = """
        INSERT INTO audit_events (tenant_id, epoch, seq, id, at, about_tenant, actor, action, target)
        VALUES ($1, $2, $3, $4, $5, left($6, 256), left($7, 256), left($8, 256), left($9, 256))
        """;

    /// <param name="entry">Where it is.</param>
    /// <param name="recorded">Null for what cannot be read.</param>
    public static void Add(LedgerBatch batch, AuditEntry entry, RecordedEvent? recorded) =>
        batch.Add(InsertSql, Text(entry.Log.Value), Int(entry.Epoch), Long(entry.Seq), Id(entry.Id), Time(recorded?.At ?? entry.CreatedAt),
            Text(recorded?.Tenant), Text(recorded?.Event.Actor), Text(recorded?.Event.Action ?? Unreadable), Text(recorded?.Event.Target));
}

/// <summary>An entry of the audit trail's log.</summary>
/// <param name="Log">Whose log: <see cref="TenantId.PlatformAudit"/>.</param>
public sealed record AuditEntry(TenantId Log, int Epoch, long Seq, Guid Id, DateTimeOffset CreatedAt);
