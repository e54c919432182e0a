using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Verify.Merkle;
using Ledger.Verify.Verification;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>Everything needed to verify one entry, in three short reads: the entry with a checkpoint, the tiles of its proof, the
/// anchors.</summary>
public sealed class BundleReader(LedgerDatabase database)
{
    // Which checkpoint covers it: for a bundle the first one that went into a transparency log, so that the file keeps it from then on.
    private const string Anchored = $"(SELECT a.position FROM {FirstAnchor.Sql} a)";

    private const string Latest = """
        (SELECT max(k.tree_size) FROM checkpoints k WHERE k.tenant_id = e.tenant_id AND k.epoch = e.epoch AND k.tree_size > e.seq)
        """;

    // One of each log: a second index of the same body proves nothing more. The primary log's first, as everywhere.
    private const string AnchorsSql = """
        SELECT one.kind, one.sigstore_bundle
          FROM (SELECT DISTINCT ON (a.kind, a.tl_log_id) a.kind, a.tl_log_id, a.sigstore_bundle FROM anchors a
                 WHERE a.tenant_id = $1 AND a.epoch = $2
                   AND ((a.kind = 'checkpoint' AND a.position = $3) OR (a.kind = 'payload' AND a.position = $4))
                 ORDER BY a.kind, a.tl_log_id, a.tl_log_index) one
          LEFT JOIN transparency_logs l ON l.tl_log_id = one.tl_log_id
         ORDER BY one.kind, l.ordinal NULLS LAST, one.tl_log_id LIMIT $5
        """;

    /// <summary>The entry as one file. Null where there is no such entry, or no checkpoint that covers it yet.</summary>
    public async Task<Bundle?> FindAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (await ReadAsync(transaction, tenant, id, $"COALESCE({Anchored}, {Latest})", cancel) is not { } covered) return null;
        var (ofCheckpoint, ofPayload) = await AnchorsAsync(transaction, tenant, covered, cancel);
        return covered.ToBundle() with { Anchors = ofCheckpoint, PayloadAnchors = ofPayload };
    }

    /// <summary>The entry and its inclusion proof under the latest checkpoint. Null where there is no such entry, or no checkpoint that
    /// covers it yet.</summary>
    public async Task<CoveredEntry?> ProveAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await ReadAsync(transaction, tenant, id, Latest, cancel);
    }

    private static async Task<CoveredEntry?> ReadAsync(
        LedgerTransaction transaction, TenantId tenant, Guid id, string size, CancellationToken cancel)
    {
        if (await FindAsync(transaction, tenant, id, size, cancel) is not { Entry: var entry, TreeSize: var covered } found) return null;
        var plan = InclusionProof.Plan(entry.Seq, covered);
        var nodes = await TileReader.NodesAsync(transaction, tenant, entry.Epoch, plan, covered, cancel);
        return found with { Hashes = InclusionProof.Build(entry.Seq, covered, nodes) };
    }

    private static async Task<CoveredEntry?> FindAsync(
        LedgerTransaction transaction, TenantId tenant, Guid id, string size, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync($"""
            SELECT {EntryRow.Columns}, h.origin, m.meta, m.salt, c.note, c.tree_size, c.root
              FROM chain_entries e
              JOIN chain_heads h ON h.tenant_id = e.tenant_id AND h.epoch = e.epoch
              JOIN LATERAL (SELECT k.note, k.tree_size, k.root FROM checkpoints k
                             WHERE k.tenant_id = e.tenant_id AND k.epoch = e.epoch AND k.tree_size = {size}) c ON true
              LEFT JOIN entry_meta m ON m.tenant_id = e.tenant_id AND m.epoch = e.epoch AND m.seq = e.seq
             WHERE e.tenant_id = $1 AND e.id = $2
            """, cancel, Text(tenant.Value), Id(id));
        if (!await reader.ReadAsync(cancel)) return null;
        const int at = EntryRow.ColumnCount;
        var meta = reader.GetBytesOrNull(at + 1) is { } value && reader.GetBytesOrNull(at + 2) is { } salt ? new BundleMeta(salt, value)
            : null;
        return new CoveredEntry(EntryRow.Read(reader), reader.GetString(at), meta, reader.GetString(at + 3), reader.GetInt64(at + 4),
            reader.GetDigest(at + 5), []);
    }

    /// <returns>Each null, never empty.</returns>
    private static async Task<(List<byte[]>? OfCheckpoint, List<byte[]>? OfPayload)> AnchorsAsync(
        LedgerTransaction transaction, TenantId tenant, CoveredEntry covered, CancellationToken cancel)
    {
        List<byte[]>? ofCheckpoint = null, ofPayload = null;
        await using var reader = await transaction.QueryAsync(AnchorsSql, cancel, Text(tenant.Value), Int(covered.Entry.Epoch),
            Long(covered.TreeSize), Long(covered.Entry.Seq), Int(Verify.Limits.Anchors));
        while (await reader.ReadAsync(cancel))
        {
            if (reader.GetString(0) == "checkpoint") (ofCheckpoint ??= []).Add(reader.GetFieldValue<byte[]>(1));
            else (ofPayload ??= []).Add(reader.GetFieldValue<byte[]>(1));
        }
        return (ofCheckpoint, ofPayload);
    }
}
