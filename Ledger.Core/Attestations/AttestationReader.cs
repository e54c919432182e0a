using Ledger.Core.Tenancy;
using Ledger.Verify;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Attestations;

/// <summary>Reads a tenant's attestations.</summary>
public sealed class AttestationReader(LedgerDatabase database)
{
    private const string Select = $"SELECT {StoredAttestation.Columns} {StoredAttestation.From} WHERE a.tenant_id = $1";

    public async Task<StoredAttestation?> FindAsync(TenantId tenant, Digest sha256, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await FindAsync(transaction, tenant, sha256, cancel);
    }

    /// <summary>The envelope, as it was sent; null where the tenant has none of that hash.</summary>
    public async Task<(Guid EntryId, byte[] Bytes)?> EnvelopeAsync(TenantId tenant, Digest sha256, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync(
            $"SELECT e.id, a.envelope {StoredAttestation.From} WHERE a.tenant_id = $1 AND a.sha256 = $2", cancel,
            Text(tenant.Value), Hash(sha256));
        return await reader.ReadAsync(cancel) ? (reader.GetGuid(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Newest first, below a place where one is given.</summary>
    public async Task<IReadOnlyList<StoredAttestation>> ListAsync(TenantId tenant, Digest? subject, (int Epoch, long Seq)? before,
        int limit, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        // Two statements for two indexes: the planner cannot choose for a parameter that may be null.
        var place = "AND ($2::bigint IS NULL OR (a.epoch, a.seq) < ($2, $3)) ORDER BY a.epoch DESC, a.seq DESC LIMIT $4";
        var query = subject is null ? transaction.QueryAsync($"{Select} {place}", cancel, Text(tenant.Value),
                Long(before?.Epoch), Long(before?.Seq), Int(limit))
            : transaction.QueryAsync($"""
                SELECT {StoredAttestation.Columns}
                  FROM attestation_subjects t
                  JOIN attestations a ON a.tenant_id = t.tenant_id AND a.sha256 = t.sha256
                  JOIN chain_entries e ON e.tenant_id = a.tenant_id AND e.epoch = a.epoch AND e.seq = a.seq
                 WHERE t.tenant_id = $1 AND t.subject_sha256 = $5 AND ($2::bigint IS NULL OR (t.epoch, t.seq) < ($2, $3))
                 ORDER BY t.epoch DESC, t.seq DESC LIMIT $4
                """, cancel, Text(tenant.Value), Long(before?.Epoch), Long(before?.Seq), Int(limit), Hash(subject.Value));
        await using var reader = await query;
        var found = new List<StoredAttestation>();
        while (await reader.ReadAsync(cancel)) found.Add(StoredAttestation.Read(reader));
        return found;
    }

    internal static async Task<StoredAttestation?> FindAsync(LedgerTransaction transaction, TenantId tenant, Digest sha256,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync($"{Select} AND a.sha256 = $2", cancel, Text(tenant.Value), Hash(sha256));
        return await reader.ReadAsync(cancel) ? StoredAttestation.Read(reader) : null;
    }
}
