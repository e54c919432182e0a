using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Merkle;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>The rows that an epoch of a log begins with: heads, tree, scrub, and the ranges of its keys.</summary>
internal static class EpochRows
{
    public static void Add(LedgerBatch batch, LogId log, string origin, IEnumerable<SigningKey> keys, DateTimeOffset now)
    {
        var (tenant, epoch) = log;
        batch.Add("INSERT INTO chain_heads (tenant_id, epoch, origin, head_hash, opened_at) VALUES ($1, $2, $3, $4, $5)",
                Text(tenant.Value), Int(epoch), Text(origin), Hash(Digest.Zero), Time(now))
            .Add("INSERT INTO tree_heads (tenant_id, epoch, root) VALUES ($1, $2, $3)", Text(tenant.Value), Int(epoch),
                Hash(MerkleHash.EmptyRoot))
            .Add("INSERT INTO scrubs (tenant_id, epoch) VALUES ($1, $2)", Text(tenant.Value), Int(epoch));
        // Not ON CONFLICT DO NOTHING: a key that is another epoch's must not be passed over here.
        foreach (var key in keys)
            batch.Add("INSERT INTO key_ranges (tenant_id, epoch, purpose, key_id, from_position) VALUES ($1, $2, $3, $4, 0)",
                Text(tenant.Value), Int(epoch), Text(key.Purpose.SqlName()), Text(key.KeyId));
    }
}
