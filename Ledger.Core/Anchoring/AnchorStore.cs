using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>Writes <c>anchors</c>. Rows are never changed: a second index for the same body is a second row.</summary>
public static class AnchorStore
{
    /// <summary>Stores an anchor unless that very one is stored already.</summary>
    public static Task InsertAsync(LedgerTransaction transaction, StoredAnchor anchor, CancellationToken cancel) =>
        transaction.ExecuteAsync("""
            INSERT INTO anchors (tenant_id, epoch, kind, position, tl_log_id, tl_log_index, tl_backend, tl_entry_id, tl_leaf_hash,
                                 tl_integrated_time, tl_tree_size, tl_root_hash, tl_checkpoint, tl_inclusion_proof, tl_raw,
                                 sigstore_bundle, submitted_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            ON CONFLICT DO NOTHING
            """, cancel, Text(anchor.Tenant.Value), Int(anchor.Epoch), Text(anchor.Kind.SqlName()), Long(anchor.Position),
            Text(anchor.TransparencyLog), Long(anchor.LogIndex), Text(anchor.Backend), Text(anchor.EntryId), Hash(anchor.LeafHash),
            Time(anchor.IntegratedTime), Long(anchor.TreeSize), Hash(anchor.RootHash), Text(anchor.LogCheckpoint),
            Hashes(anchor.InclusionProof), Bytes(anchor.Raw), Bytes(anchor.SigstoreBundle), Time(anchor.SubmittedAt));
}
