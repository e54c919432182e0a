using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>Makes a signed step what readers see, in one transaction.</summary>
internal static class TreeStore
{
    /// <summary>Stores tiles, checkpoint, key range and head. False, and nothing stored, where the tree is not the one the step started
    /// from.</summary>
    public static async Task<bool> StoreAsync(LedgerDatabase database, TreeStep step, SignedNote note, DateTimeOffset now,
        CancellationToken cancel)
    {
        var (tenant, epoch) = step.Log;
        var size = step.Edge.Size;
        var root = step.Checkpoint.Root;
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var moved = await transaction.ExecuteAsync("""
            UPDATE tree_heads SET tree_size = $4, root = $5, right_edge = $6, lease_owner = NULL, lease_until = now()
             WHERE tenant_id = $1 AND epoch = $2 AND tree_size = $3
            """, cancel, Text(tenant.Value), Int(epoch), Long(step.From.TreeSize), Long(size), Hash(root), Bytes(step.Edge.ToBytes()));
        if (moved == 0) return false;

        await using (var batch = transaction.Batch())
        {
            foreach (var tile in step.Tiles)
                batch.Add("INSERT INTO tiles (tenant_id, epoch, level, idx, root, hashes) VALUES ($1, $2, $3, $4, $5, $6)",
                    Text(tenant.Value), Int(epoch), Int(tile.Id.Level), Long(tile.Id.Index), Hash(tile.Root), Bytes(tile.Hashes));
            batch.Add(
                "INSERT INTO checkpoints (tenant_id, epoch, tree_size, root, note, key_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                Text(tenant.Value), Int(epoch), Long(size), Hash(root), Text(note.Text), Text(note.KeyId), Time(now));
            await batch.ExecuteNonQueryAsync(cancel);
        }
        if (step.KeyRanges.All(r => r.KeyId != note.KeyId))
            await KeyRangeStore.OpenAsync(transaction, tenant, epoch, KeyPurpose.Checkpoint, note.KeyId, size, cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }
}
