using System.Text;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>Within a tenant: whose key, for which route.</summary>
internal readonly record struct IdempotencyScope(string Principal, string Route, string Key)
{
    public static IdempotencyScope Of(IdempotencyClaim claim) => new(claim.Principal, claim.Route, claim.Key);
}

/// <summary>The answer that a key already has: which entries, which refusals.</summary>
internal sealed record KeptAnswer(int Epoch, long? FirstSeq, long? LastSeq, string? Refused);

/// <summary>The table <c>idempotency</c>.</summary>
internal static class IdempotencyStore
{
    /// <summary>The kept answer of a key, its row locked; null where the key is free.</summary>
    /// <exception cref="LedgerProblemException">idempotency-key-reused: other body.
    /// idempotency-key-erased: nothing left to compare with.</exception>
    public static async Task<KeptAnswer?> FindAsync(
        LedgerTransaction transaction, TenantId tenant, IdempotencyClaim claim, DateTimeOffset now, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT epoch, first_seq, last_seq, refused::text, salt, fingerprint FROM idempotency
             WHERE tenant_id = $1 AND principal = $2 AND route = $3 AND key = $4 AND expires_at > $5
               FOR NO KEY UPDATE
            """, cancel, Text(tenant.Value), Text(claim.Principal), Text(claim.Route), Text(claim.Key), Time(now));
        if (!await reader.ReadAsync(cancel)) return null;
        if (reader.GetBytesOrNull(4) is not { } salt || reader.GetBytesOrNull(5) is not { } fingerprint)
            throw new LedgerProblemException(
                ProblemTypes.IdempotencyKeyErased, "The metadata of this key's entry was erased; use another key.", "Idempotency-Key");
        if (!claim.Fingerprint(salt).AsSpan().SequenceEqual(fingerprint))
            throw new LedgerProblemException(
                ProblemTypes.IdempotencyKeyReused, "This key was used with another body within the last 24 hours.", "Idempotency-Key");
        return new KeptAnswer(reader.GetInt32(0), reader.GetLongOrNull(1), reader.GetLongOrNull(2), reader.GetTextOrNull(3));
    }

    /// <summary>Takes the keys of a group under the head lock; returned rows are the ones taken. A key that has expired is free again.
    /// The claims are distinct: the same row cannot be taken twice in one statement.</summary>
    public static void AddClaims(LedgerBatch batch, TenantId tenant, IReadOnlyList<Submission> claims, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand();
        var sql = new StringBuilder(
            "INSERT INTO idempotency (tenant_id, principal, route, key, epoch, salt, fingerprint, refused, expires_at) VALUES ");
        command.Parameters.Add(Text(tenant.Value));
        command.Parameters.Add(Time(now + IdempotencyClaim.Lifetime));
        command.Parameters.Add(Time(now));
        foreach (var submission in claims)
        {
            var first = command.Parameters.Count + 1;
            if (first > 4) sql.Append(", ");
            sql.Append($"($1, ${first}, ${first + 1}, ${first + 2}, 0, ${first + 3}, ${first + 4}, ${first + 5}, $2)");
            command.Parameters.Add(Text(submission.Claim!.Principal));
            command.Parameters.Add(Text(submission.Claim.Route));
            command.Parameters.Add(Text(submission.Claim.Key));
            command.Parameters.Add(Bytes(submission.ClaimSalt));
            command.Parameters.Add(Bytes(submission.ClaimFingerprint));
            command.Parameters.Add(Json(submission.Refused));
        }
        command.CommandText = sql.Append("""
             ON CONFLICT (tenant_id, principal, route, key) DO UPDATE
               SET epoch = 0, first_seq = NULL, last_seq = NULL, salt = excluded.salt, fingerprint = excluded.fingerprint,
                   refused = excluded.refused, expires_at = excluded.expires_at
             WHERE idempotency.expires_at <= $3
            RETURNING principal, route, key
            """).ToString();
        batch.Add(command);
    }

    /// <summary>Says which entries answered a key, in the transaction that stores them.</summary>
    public static void AddAnswer(LedgerBatch batch, TenantId tenant, Submission submission, int epoch, long? firstSeq, long? lastSeq) =>
        batch.Add("""
            UPDATE idempotency SET epoch = $5, first_seq = $6, last_seq = $7
             WHERE tenant_id = $1 AND principal = $2 AND route = $3 AND key = $4
            """, Text(tenant.Value), Text(submission.Claim!.Principal), Text(submission.Claim.Route), Text(submission.Claim.Key),
            Int(epoch), Long(firstSeq), Long(lastSeq));

    /// <summary>Gives a key back: its submission was not stored after all, though its transaction goes on.</summary>
    public static void AddRelease(LedgerBatch batch, TenantId tenant, Submission submission) => batch.Add("""
        UPDATE idempotency SET expires_at = '-infinity' WHERE tenant_id = $1 AND principal = $2 AND route = $3 AND key = $4
        """, Text(tenant.Value), Text(submission.Claim!.Principal), Text(submission.Claim.Route), Text(submission.Claim.Key));

    /// <summary>Forgets what a key's body was, because one of its entries is being erased. The row stays and keeps the key taken.</summary>
    public static Task EraseAsync(LedgerTransaction transaction, TenantId tenant, int epoch, long seq, CancellationToken cancel) =>
        transaction.ExecuteAsync("""
            UPDATE idempotency SET salt = NULL, fingerprint = NULL
             WHERE tenant_id = $1 AND epoch = $2 AND first_seq <= $3 AND last_seq >= $3
            """, cancel, Text(tenant.Value), Int(epoch), Long(seq));

    /// <summary>Deletes expired keys of all tenants, a bounded number at a time. Runs as the workers' role,
    /// which may not lock rows it cannot update; a key that is taken anew meanwhile is another row version and stays.</summary>
    public static Task<int> CleanAsync(LedgerTransaction transaction, DateTimeOffset now, int most, CancellationToken cancel) =>
        transaction.ExecuteAsync("""
            DELETE FROM idempotency
             WHERE expires_at <= $1 AND ctid IN (SELECT ctid FROM idempotency WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
            """, cancel, Time(now), Int(most));
}
