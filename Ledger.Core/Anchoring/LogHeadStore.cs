using Ledger.Core.Tenancy;
using Ledger.Verify.Anchoring;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>The newest verified checkpoint of a transparency log's shard: a row of <c>transparency_log_heads</c>.</summary>
/// <param name="Note">The log's signed note: evidence, should the log ever show another history.</param>
/// <param name="SeenAt">When this size was first seen.</param>
public sealed record KnownHead(LogCheckpoint Checkpoint, string Note, DateTimeOffset SeenAt);

/// <summary>The table <c>transparency_log_heads</c>: one row per log and shard, which only grows.</summary>
internal static class LogHeadStore
{
    private const string Select = "SELECT origin, tree_size, root_hash, checkpoint, seen_at FROM transparency_log_heads";

    /// <summary>Null where nothing of the shard was ever seen.</summary>
    public static async Task<KnownHead?> FindAsync(LedgerDatabase database, string log, string origin, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync($"{Select} WHERE tl_log_id = $1 AND origin = $2", cancel, Text(log),
            Text(origin));
        return await reader.ReadAsync(cancel) ? Read(reader) : null;
    }

    /// <summary>By origin.</summary>
    public static async Task<IReadOnlyDictionary<string, KnownHead>> ListAsync(LedgerDatabase database, string log,
        CancellationToken cancel)
    {
        var heads = new Dictionary<string, KnownHead>();
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync($"{Select} WHERE tl_log_id = $1", cancel, Text(log));
        while (await reader.ReadAsync(cancel)) heads[reader.GetString(0)] = Read(reader);
        return heads;
    }

    /// <summary>Puts a head in the place of exactly the one it was compared with. False, and nothing stored, where that is another by
    /// now.</summary>
    public static async Task<bool> TryReplaceAsync(LedgerDatabase database, string log, KnownHead? compared, KnownHead next,
        CancellationToken cancel)
    {
        var (origin, size, root) = next.Checkpoint;
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        var changed = compared is null
            ? await transaction.ExecuteAsync("""
                INSERT INTO transparency_log_heads (tl_log_id, origin, tree_size, root_hash, checkpoint, seen_at)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
                """, cancel, Text(log), Text(origin), Long(size), Hash(root), Text(next.Note), Time(next.SeenAt))
            : await transaction.ExecuteAsync("""
                UPDATE transparency_log_heads SET tree_size = $3, root_hash = $4, checkpoint = $5, seen_at = $6
                 WHERE tl_log_id = $1 AND origin = $2 AND tree_size = $7 AND root_hash = $8
                """, cancel, Text(log), Text(origin), Long(size), Hash(root), Text(next.Note), Time(next.SeenAt),
                Long(compared.Checkpoint.Size), Hash(compared.Checkpoint.Root));
        await transaction.CommitAsync(cancel);
        return changed == 1;
    }

    private static KnownHead Read(NpgsqlDataReader reader) => new(
        new LogCheckpoint(reader.GetString(0), reader.GetInt64(1), reader.GetDigest(2)), reader.GetString(3), reader.GetTime(4));
}
