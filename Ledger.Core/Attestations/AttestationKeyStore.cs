using Ledger.Core.Entries;
using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Attestations;

/// <summary>The table <c>attestation_keys</c>. A key is never removed and never accepted again once it was revoked.</summary>
public sealed class AttestationKeyStore(LedgerDatabase database, AuditOutbox audit, TimeProvider time)
{
    internal const string Columns = "k.key_id, k.ssh_key_id, k.name, k.algorithm, k.spki, k.registered_at, k.revoked_at";

    private const string Select = $"SELECT {Columns} FROM attestation_keys k WHERE k.tenant_id = $1";

    /// <summary>A tenant's keys, revoked ones too, oldest first, after a place where one is given.</summary>
    public async Task<IReadOnlyList<AttestationKey>> ListAsync(TenantId tenant, (DateTimeOffset RegisteredAt, string KeyId)? after,
        int limit, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await ReadAsync(await transaction.QueryAsync($"""
            {Select} AND ($2::timestamptz IS NULL OR (k.registered_at, k.key_id) > ($2, $3)) ORDER BY k.registered_at, k.key_id LIMIT $4
            """, cancel, Text(tenant.Value), Time(after?.RegisteredAt), Text(after?.KeyId), Int(limit)), cancel);
    }

    /// <summary>Those that attestations are accepted by, at most <see cref="AttestationLimits.Keys"/>.</summary>
    public async Task<IReadOnlyList<AttestationKey>> AcceptedAsync(TenantId tenant, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await ReadAsync(await transaction.QueryAsync($"{Select} AND k.revoked_at IS NULL ORDER BY k.key_id", cancel,
            Text(tenant.Value)), cancel);
    }

    public async Task<AttestationKey?> FindAsync(TenantId tenant, string keyId, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await FindAsync(transaction, tenant, keyId, cancel);
    }

    /// <summary>Registers a key, audited; the same key under the same name again is the one that is there.</summary>
    /// <returns>The stored key, and whether it is new.</returns>
    /// <exception cref="LedgerProblemException">attestation-key-exists, too-many-attestation-keys, tenant-suspended.</exception>
    public async Task<(AttestationKey Key, bool IsNew)> AddAsync(TenantId tenant, AttestationKey key, string actor,
        CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        // Registrations of a tenant follow one another: the count below is true until this transaction ends.
        var state = await LockAsync(transaction, tenant, cancel);
        if (await FindAsync(transaction, tenant, key.KeyId, cancel) is { } known)
        {
            if (known.RevokedAt is null && known.Name == key.Name) return (known, false);
            throw new LedgerProblemException(ProblemTypes.AttestationKeyExists, known.RevokedAt is null
                ? "The key is registered under another name." : "The key was revoked, which is for good.", "public_key");
        }
        Suspension.Refuse(state);
        var stored = await transaction.ExecuteAsync("""
            INSERT INTO attestation_keys (tenant_id, key_id, ssh_key_id, name, algorithm, spki, registered_at)
            SELECT $1, $2, $3, $4, $5, $6, $7
             WHERE (SELECT count(*) FROM attestation_keys k WHERE k.tenant_id = $1 AND k.revoked_at IS NULL) < $8
            """, cancel, Text(tenant.Value), Text(key.KeyId), Text(key.SshKeyId), Text(key.Name), Text(key.Type.Name()), Bytes(key.Spki),
            Time(key.RegisteredAt), Int(AttestationLimits.Keys));
        if (stored == 0)
            throw new LedgerProblemException(ProblemTypes.TooManyAttestationKeys,
                $"At most {AttestationLimits.Keys} keys are accepted at a time; revoke one.");
        await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, "attestation-key.register", key.KeyId), cancel);
        await transaction.CommitAsync(cancel);
        return (key, true);
    }

    /// <summary>Accepts nothing more by the key, from now on and for good; audited. Revoking twice is as good as once.</summary>
    /// <returns>False where the tenant has no such key.</returns>
    public async Task<bool> RevokeAsync(TenantId tenant, string keyId, string actor, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var revoked = await transaction.ExecuteAsync(
            "UPDATE attestation_keys SET revoked_at = $3 WHERE tenant_id = $1 AND key_id = $2 AND revoked_at IS NULL", cancel,
            Text(tenant.Value), Text(keyId), Time(time.GetUtcNow()));
        if (revoked == 0) return await FindAsync(transaction, tenant, keyId, cancel) is not null;
        await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, "attestation-key.revoke", keyId), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    // The tenant's row is kept to the end: a suspension waits for what is under way.
    private static async Task<TenantState> LockAsync(LedgerTransaction transaction, TenantId tenant, CancellationToken cancel)
    {
        await using var batch = transaction.Batch()
            .Add("SELECT pg_advisory_xact_lock(hashtextextended('attestation_keys ' || $1, 0))", Text(tenant.Value))
            .Add("SELECT state FROM tenants WHERE tenant_id = $1 FOR SHARE", Text(tenant.Value));
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        return await reader.ReadAsync(cancel) ? TenantStates.Parse(reader.GetString(0)) : TenantState.Active;
    }

    internal static AttestationKey Read(NpgsqlDataReader reader, int at = 0) => new(
        reader.GetString(at), reader.GetString(at + 1), reader.GetString(at + 2), AttestationKeyTypes.Parse(reader.GetString(at + 3)),
        reader.GetFieldValue<byte[]>(at + 4), reader.GetTime(at + 5), reader.IsDBNull(at + 6) ? null : reader.GetTime(at + 6));

    private static async Task<AttestationKey?> FindAsync(LedgerTransaction transaction, TenantId tenant, string keyId,
        CancellationToken cancel) =>
        await ReadAsync(await transaction.QueryAsync($"{Select} AND k.key_id = $2", cancel, Text(tenant.Value), Text(keyId)), cancel)
            is [var key] ? key : null;

    private static async Task<List<AttestationKey>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        await using (reader)
        {
            var keys = new List<AttestationKey>();
            while (await reader.ReadAsync(cancel)) keys.Add(Read(reader));
            return keys;
        }
    }
}
