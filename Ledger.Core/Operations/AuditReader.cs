using Ledger.Core.Tenancy;
using Ledger.Verify;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Operations;

/// <summary>What operators see of the audit trail: found by the projection, read from the log.</summary>
public sealed class AuditReader(AdminDatabase operators)
{
    // What is null does not filter: the planner sees the values and takes the filter's own index, in its order.
    internal const string ListSql = """
        SELECT a.epoch, a.seq, a.id, a.at, m.meta, e.payload_hash
          FROM audit_events a
          JOIN chain_entries e ON e.tenant_id = a.tenant_id AND e.epoch = a.epoch AND e.seq = a.seq
          LEFT JOIN entry_meta m ON m.tenant_id = a.tenant_id AND m.epoch = a.epoch AND m.seq = a.seq
         WHERE a.tenant_id = 'platform-audit'
           AND ($1::text IS NULL OR a.about_tenant = $1)
           AND ($2::text IS NULL OR a.actor = left($2, 256))
           AND ($3::text IS NULL OR a.action = left($3, 256))
           AND ($4::text IS NULL OR split_part(a.action, '.', 1) = $4)
           AND ($5::text IS NULL OR a.target = left($5, 256))
           AND ($6::timestamptz IS NULL OR a.at >= $6) AND ($7::timestamptz IS NULL OR a.at < $7)
           AND ($8::timestamptz IS NULL OR (a.at, a.epoch, a.seq) < ($8, $9, $10))
         ORDER BY a.at DESC, a.epoch DESC, a.seq DESC LIMIT $11
        """;

    /// <summary>Events, the newest act first.</summary>
    /// <param name="after">The last of the page before; null for the newest.</param>
    public async Task<IReadOnlyList<AuditItem>> ListAsync(AuditFilter filter, AuditPlace? after, int limit, CancellationToken cancel)
    {
        await using var transaction = await operators.Database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync(ListSql, cancel, Parameters(filter, after, limit));
        var items = new List<AuditItem>();
        while (await reader.ReadAsync(cancel))
        {
            var meta = reader.GetBytesOrNull(4);
            items.Add(new AuditItem(new AuditPlace(reader.GetTime(3), reader.GetInt32(0), reader.GetInt64(1)), reader.GetGuid(2),
                meta is not null && RecordedEvent.TryRead(meta, out var recorded) ? recorded : null, reader.GetDigest(5)));
        }
        return items;
    }

    internal static NpgsqlParameter[] Parameters(AuditFilter filter, AuditPlace? after, int limit) =>
    [
        Text(filter.Tenant), Text(filter.Actor), Text(filter.Action), Text(filter.Noun), Text(filter.Target), Time(filter.From),
        Time(filter.To), Time(after?.At), Int(after?.Epoch), Long(after?.Seq), Int(limit),
    ];
}

/// <summary>What GET /admin/api/v1/audit asks for. Null members do not filter.</summary>
/// <param name="Tenant">Whose act it was.</param>
/// <param name="Action">The whole of it, or …</param>
/// <param name="Noun">… what stands before its first dot.</param>
/// <param name="From">Done at or after.</param>
/// <param name="To">Done before.</param>
public sealed record AuditFilter(string? Tenant = null, string? Actor = null, string? Action = null, string? Noun = null,
    string? Target = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>Where an event stands in the order of lists: by when it was done, then by its place in the log.</summary>
public sealed record AuditPlace(DateTimeOffset At, int Epoch, long Seq);

/// <param name="Id">The entry's.</param>
/// <param name="Recorded">The event as the log has it; null where it cannot be read, or its meta is gone.</param>
/// <param name="PayloadHash">SHA-256 of the event's bytes, signed with the entry.</param>
public sealed record AuditItem(AuditPlace Place, Guid Id, RecordedEvent? Recorded, Digest PayloadHash);
