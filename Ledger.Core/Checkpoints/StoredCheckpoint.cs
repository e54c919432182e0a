using Ledger.Core.Tenancy;
using Ledger.Verify;
using Npgsql;

namespace Ledger.Core.Checkpoints;

/// <summary>A row of <c>checkpoints</c>: a signed note that was shown.</summary>
/// <param name="Size">Entries it covers: seqs 0 … Size − 1.</param>
/// <param name="Note">The C2SP signed note, to the byte.</param>
/// <param name="KeyId">The checkpoint key's SSH fingerprint.</param>
public sealed record StoredCheckpoint(TenantId Tenant, int Epoch, long Size, Digest Root, string Note, string KeyId,
    DateTimeOffset CreatedAt)
{
    internal const string Columns = "c.tenant_id, c.epoch, c.tree_size, c.root, c.note, c.key_id, c.created_at";

    internal static StoredCheckpoint Read(NpgsqlDataReader reader, int at = 0) => new(
        TenantId.Parse(reader.GetString(at)), reader.GetInt32(at + 1), reader.GetInt64(at + 2), reader.GetDigest(at + 3),
            reader.GetString(at + 4),
        reader.GetString(at + 5), reader.GetTime(at + 6));
}
