using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Jobs;

/// <summary>What a job fixes before anybody outside sees it, so that every later attempt sends the same. The table refuses a second
/// freezing, whoever asks.</summary>
public sealed class FrozenBytes(LedgerDatabase database)
{
    /// <summary>Fixes position and signature; durable when this returns.</summary>
    /// <returns>The job as its row is now.</returns>
    /// <exception cref="JobLeaseLostException">It is another's.</exception>
    public async Task<Job> FreezeSignatureAsync(Job job, long position, byte[] signature, string keyId, CancellationToken cancel)
    {
        await ChangeAsync(job, $"""
            UPDATE jobs SET position = $4, frozen_signature = $5, frozen_key_id = $6 WHERE {JobQueue.Held} AND frozen_signature IS NULL
            """, cancel, Long(position), Bytes(signature), Text(keyId));
        return job with { Position = position, FrozenSignature = signature, FrozenKeyId = keyId };
    }

    /// <summary>Fixes the timestamp token; durable when this returns.</summary>
    /// <returns>The job as its row is now.</returns>
    /// <exception cref="JobLeaseLostException">It is another's.</exception>
    public async Task<Job> FreezeTimestampAsync(Job job, byte[] token, CancellationToken cancel)
    {
        await ChangeAsync(job, $"UPDATE jobs SET frozen_timestamp = $4 WHERE {JobQueue.Held} AND frozen_timestamp IS NULL", cancel,
            Bytes(token));
        return job with { FrozenTimestamp = token };
    }

    private async Task ChangeAsync(Job job, string sql, CancellationToken cancel, params Npgsql.NpgsqlParameter[] parameters)
    {
        await using var transaction = await database.BeginAsync(job.Tenant, cancel);
        await transaction.ExecuteAsync(Durable.Sql, cancel);
        var changed = await transaction.ExecuteAsync(sql, cancel,
            [Text(job.Tenant.Value), Id(job.Id), Text(job.Owner), .. parameters]);
        if (changed == 0) throw new JobLeaseLostException();
        await transaction.CommitAsync(cancel);
    }
}
