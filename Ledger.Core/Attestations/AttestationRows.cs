using System.Text;
using Ledger.Core.Anchoring;
using Ledger.Core.Entries;
using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Attestations;

/// <summary>What rides with an attestation's entry: its row, its subjects' rows, its jobs. All in the entry's transaction.</summary>
internal sealed class AttestationRows(TransparencyLogs logs, JobQueue queue)
{
    /// <summary>Whether the attestation is still to be stored: nobody stored it meanwhile, and its key was not revoked. Asked under the
    /// head lock.</summary>
    public static async Task<bool> IsOpenAsync(LedgerTransaction transaction, TenantId tenant, Digest sha256, string keyId,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT NOT EXISTS (SELECT FROM attestations a WHERE a.tenant_id = $1 AND a.sha256 = $2)
                   AND EXISTS (SELECT FROM attestation_keys k WHERE k.tenant_id = $1 AND k.key_id = $3 AND k.revoked_at IS NULL)
            """, cancel, Text(tenant.Value), Hash(sha256), Text(keyId));
        return await reader.ReadAsync(cancel) && reader.GetBoolean(0);
    }

    public void Add(Riding riding, byte[] envelope, AttestationKey key, AttestedStatement statement)
    {
        var entry = riding.Entries[0];
        riding.Batch.Add("""
            INSERT INTO attestations (tenant_id, sha256, epoch, seq, envelope, key_id, predicate_type) VALUES ($1, $2, $3, $4, $5, $6, $7)
            """, Text(entry.Tenant), Hash(entry.PayloadHash), Int(entry.Epoch), Long(entry.Seq), Bytes(envelope), Text(key.KeyId),
            Text(statement.PredicateType));
        if (statement.Subjects.Count > 0) AddSubjects(riding.Batch, entry, statement.Subjects);

        var tenant = TenantId.Parse(entry.Tenant);
        var jobs = AttestationAnchoring.Of(logs, riding.Policy, key.Spki).Where(a => a.IsOwn)
            .Select(a => EntryAnchorJobs.Create(tenant, entry.Epoch, entry.Seq, AnchorKind.Attestation, a.LogId, a.IsPrimary)).ToList();
        if (jobs.Count > 0) queue.Add(riding.Batch, jobs);
    }

    private static void AddSubjects(LedgerBatch batch, StoredEntry entry, IReadOnlyList<Digest> subjects)
    {
        var command = new NpgsqlBatchCommand();
        foreach (var shared in (NpgsqlParameter[])[Text(entry.Tenant), Int(entry.Epoch), Long(entry.Seq), Hash(entry.PayloadHash)])
            command.Parameters.Add(shared);
        var sql = new StringBuilder("INSERT INTO attestation_subjects (tenant_id, subject_sha256, epoch, seq, sha256) VALUES ");
        foreach (var subject in subjects)
        {
            command.Parameters.Add(Hash(subject));
            sql.Append(command.Parameters.Count == 5 ? "" : ", ").Append($"($1, ${command.Parameters.Count}, $2, $3, $4)");
        }
        command.CommandText = sql.ToString();
        batch.Add(command);
    }
}
