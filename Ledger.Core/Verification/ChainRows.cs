using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Verify.Merkle;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Verification;

/// <summary>Rows of a log in order, a page at a time.</summary>
internal static class ChainRows
{
    public const int PerPage = 1024;

    private const string Range = $"""
        SELECT {EntryRow.Columns} FROM chain_entries e
         WHERE e.tenant_id = $1 AND e.epoch = $2 AND e.seq >= $3 AND e.seq <= $4 ORDER BY e.seq
        """;

    /// <summary>Opens the transaction's one cursor over seqs <paramref name="from"/> to <paramref name="to"/>, both inclusive.</summary>
    public static Task OpenAsync(LedgerTransaction transaction, TenantId tenant, int epoch, long from, long to, CancellationToken cancel) =>
        transaction.ExecuteAsync($"DECLARE chain NO SCROLL CURSOR FOR {Range}", cancel, Text(tenant.Value), Int(epoch), Long(from),
            Long(to));

    /// <summary>The cursor's next rows; none at its end.</summary>
    public static async Task<List<StoredEntry>> FetchAsync(LedgerTransaction transaction, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync($"FETCH {PerPage} FROM chain", cancel);
        return await ReadAsync(reader, cancel);
    }

    /// <summary>The rows of a range that is known to be short.</summary>
    public static async Task<List<StoredEntry>> ReadAsync(LedgerTransaction transaction, TenantId tenant, int epoch, long from, long to,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync(Range, cancel, Text(tenant.Value), Int(epoch), Long(from), Long(to));
        return await ReadAsync(reader, cancel);
    }

    /// <summary>The full tiles of level 0 that hold these rows, by index. One that a tree of <paramref name="treeSize"/> must have and that
    /// is not there counts as 256 zero hashes, so that its first row is the mismatch.</summary>
    public static async Task<IReadOnlyDictionary<long, byte[]>> TilesAsync(
        LedgerTransaction transaction, TenantId tenant, int epoch, IReadOnlyList<StoredEntry> rows, long treeSize, CancellationToken cancel)
    {
        var tiles = new Dictionary<long, byte[]>();
        if (rows.Count == 0) return tiles;
        var (first, end) = (rows[0].Seq / Tiles.FullWidth, Math.Min(rows[^1].Seq / Tiles.FullWidth + 1, treeSize / Tiles.FullWidth));
        for (var index = first; index < end; index++) tiles[index] = new byte[Tiles.FullWidth * Verify.Digest.Size];
        await using var reader = await transaction.QueryAsync(
            "SELECT idx, hashes FROM tiles WHERE tenant_id = $1 AND epoch = $2 AND level = 0 AND idx >= $3 AND idx < $4", cancel,
            Text(tenant.Value), Int(epoch), Long(first), Long(end));
        while (await reader.ReadAsync(cancel)) tiles[reader.GetInt64(0)] = reader.GetFieldValue<byte[]>(1);
        return tiles;
    }

    /// <summary>The lowest seq of a range that has no row; null where each has one.</summary>
    public static async Task<long?> FirstMissingAsync(LedgerTransaction transaction, TenantId tenant, int epoch, long from, long to,
        CancellationToken cancel)
    {
        if (from > to) return null;
        await using var reader = await transaction.QueryAsync("""
            SELECT min(expected) FROM (
                SELECT $3 + row_number() OVER (ORDER BY seq) - 1 AS expected, seq
                  FROM chain_entries WHERE tenant_id = $1 AND epoch = $2 AND seq >= $3 AND seq <= $4) numbered
             WHERE seq <> expected
            """, cancel, Text(tenant.Value), Int(epoch), Long(from), Long(to));
        await reader.ReadAsync(cancel);
        return reader.GetLongOrNull(0);
    }

    private static async Task<List<StoredEntry>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var rows = new List<StoredEntry>(PerPage);
        while (await reader.ReadAsync(cancel)) rows.Add(EntryRow.Read(reader));
        return rows;
    }
}
