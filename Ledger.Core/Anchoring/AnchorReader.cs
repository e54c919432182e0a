using System.Text;
using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>Reads a tenant's anchors. What is stored was verified before; whoever asks verifies it again.</summary>
public sealed class AnchorReader(LedgerDatabase database)
{
    /// <summary>Their files hold whole envelopes: up to 256 KiB each, where the others' have three.</summary>
    public const int AttestationsPerPage = 25;

    private const string OfLog = "FROM anchors a WHERE a.tenant_id = $1 AND a.epoch = $2 AND a.kind = $3";

    /// <summary>The anchors of the checkpoints from one size to another, both inclusive, by size; the given log's first.</summary>
    public async Task<ILookup<long, AnchorView>> OfCheckpointsAsync(TenantId tenant, int epoch, long from, long to, string? primary,
        CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return (await AllAsync(await transaction.QueryAsync($"""
            SELECT {AnchorView.Columns} {OfLog} AND a.position BETWEEN $4 AND $5
             ORDER BY a.position, (a.tl_log_id = $6) DESC NULLS LAST, a.submitted_at, a.tl_log_id, a.tl_log_index
            """, cancel, Text(tenant.Value), Int(epoch), Kind(AnchorKind.Checkpoint), Long(from), Long(to), Text(primary)),
            AnchorView.Read, cancel)).ToLookup(anchor => anchor.Position);
    }

    /// <summary>The anchors of the newest anchored checkpoint; the given log's first. Empty where none is.</summary>
    public async Task<IReadOnlyList<AnchorView>> NewestAsync(TenantId tenant, int epoch, string? primary, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await AllAsync(await transaction.QueryAsync($"""
            SELECT {AnchorView.Columns} {OfLog}
               AND a.position = (SELECT max(n.position) FROM anchors n WHERE n.tenant_id = $1 AND n.epoch = $2 AND n.kind = $3)
             ORDER BY (a.tl_log_id = $4) DESC NULLS LAST, a.submitted_at, a.tl_log_id, a.tl_log_index
            """, cancel, Text(tenant.Value), Int(epoch), Kind(AnchorKind.Checkpoint), Text(primary)), AnchorView.Read, cancel);
    }

    /// <summary>The anchors of one kind at one position, oldest first in each log; the given log's first.</summary>
    /// <param name="log">Only this log's; null for every log's.</param>
    public async Task<IReadOnlyList<AnchorFile>> FilesAsync(TenantId tenant, int epoch, AnchorKind kind, long position, string? log,
        string? primary, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await AllAsync(await transaction.QueryAsync($"""
            SELECT {AnchorFile.Columns} {OfLog} AND a.position = $4 AND ($5::text IS NULL OR a.tl_log_id = $5)
             ORDER BY (a.tl_log_id = $6) DESC NULLS LAST, a.submitted_at, a.tl_log_id, a.tl_log_index LIMIT $7
            """, cancel, Text(tenant.Value), Int(epoch), Kind(kind), Long(position), Text(log), Text(primary),
            Int(Verify.Limits.Anchors)), AnchorFile.Read, cancel);
    }

    /// <summary>The anchors of one kind at some entries, the given log's first.</summary>
    public async Task<IReadOnlyList<AnchorView>> OfEntriesAsync(TenantId tenant, AnchorKind kind,
        IReadOnlyList<(int Epoch, long Seq)> entries, string? primary, CancellationToken cancel)
    {
        if (entries.Count == 0) return [];
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var parameters = new List<NpgsqlParameter> { Text(tenant.Value), Kind(kind), Text(primary) };
        var sql = new StringBuilder($"""
            SELECT {AnchorView.Columns}
              FROM anchors a WHERE a.tenant_id = $1 AND a.kind = $2 AND (a.epoch, a.position) IN (
            """);
        foreach (var (epoch, seq) in entries)
        {
            sql.Append(parameters.Count == 3 ? "" : ", ").Append($"(${parameters.Count + 1}, ${parameters.Count + 2})");
            parameters.Add(Int(epoch));
            parameters.Add(Long(seq));
        }
        sql.Append(") ORDER BY (a.tl_log_id = $3) DESC NULLS LAST, a.submitted_at, a.tl_log_id, a.tl_log_index");
        return await AllAsync(await transaction.QueryAsync(sql.ToString(), cancel, [.. parameters]), AnchorView.Read, cancel);
    }

    /// <summary>Every anchor that has this id in its log: usually one, more where a log was given the same body twice.</summary>
    public async Task<IReadOnlyList<AnchorFile>> FindAsync(TenantId tenant, string entryId, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await AllAsync(await transaction.QueryAsync($"""
            SELECT {AnchorFile.Columns} FROM anchors a WHERE a.tenant_id = $1 AND a.tl_entry_id = $2
             ORDER BY a.submitted_at, a.epoch, a.kind, a.position, a.tl_log_index LIMIT $3
            """, cancel, Text(tenant.Value), Text(entryId), Int(Verify.Limits.Anchors)), AnchorFile.Read, cancel);
    }

    /// <summary>A page of the complete list: kind by kind in the order given, in each the newest position first. A page may be shorter than
    /// the limit although more follows.</summary>
    /// <param name="after">Where the page before ended; null for the first.</param>
    public async Task<AnchorPage> ListAsync(TenantId tenant, int epoch, IReadOnlyList<AnchorKind> kinds, AnchorPlace? after, int limit,
        CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var found = new List<AnchorFile>();
        foreach (var kind in after is null ? kinds : kinds.SkipWhile(kind => kind != after.Kind))
        {
            // One range of the primary key per kind, and one row more than fits: it says whether a page follows.
            var room = Math.Min(limit - found.Count, kind == AnchorKind.Attestation ? AttestationsPerPage : limit);
            var from = kind == after?.Kind ? after : null;
            var rows = await AllAsync(await transaction.QueryAsync($"""
                SELECT {AnchorFile.Columns} {OfLog}
                   AND ($4::bigint IS NULL OR (a.position, a.tl_log_id, a.tl_log_index) < ($4, $5, $6))
                 ORDER BY a.position DESC, a.tl_log_id DESC, a.tl_log_index DESC LIMIT $7
                """, cancel, Text(tenant.Value), Int(epoch), Kind(kind), Long(from?.Position), Text(from?.TransparencyLog),
                Long(from?.LogIndex), Int(room + 1)), AnchorFile.Read, cancel);
            found.AddRange(rows.Take(room));
            if (rows.Count > room) return new AnchorPage(found, AnchorPlace.Of(found[^1].Anchor));
        }
        return new AnchorPage(found, null);
    }

    private static NpgsqlParameter Kind(AnchorKind kind) => Text(kind.SqlName());

    private static async Task<List<T>> AllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        await using (reader)
        {
            var all = new List<T>();
            while (await reader.ReadAsync(cancel)) all.Add(read(reader));
            return all;
        }
    }
}
