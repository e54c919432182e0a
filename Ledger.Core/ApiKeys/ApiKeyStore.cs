using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Verify.Entries;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.ApiKeys;

/// <summary>Makes, rotates and revokes keys, each with its audit event. The name of a key never goes into the trail: people write into
/// it.</summary>
public sealed class ApiKeyStore(LedgerDatabase database, AuditOutbox audit, TimeProvider time, IdSource ids)
{
    /// <summary>Makes a key.</summary>
    /// <param name="scopes">At least one; the caller checks.</param>
    /// <param name="actor">Who asked.</param>
    /// <exception cref="LedgerProblemException">too-many-api-keys.</exception>
    public async Task<NewApiKey> AddAsync(TenantId tenant, string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt,
        string actor, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var most = (await TenantLimits.HoldAsync(transaction, tenant, cancel)).ApiKeys ?? ApiKeyLimits.Keys;
        var now = time.GetUtcNow();
        if (await CountAsync(transaction, tenant, now, cancel) >= most)
            throw new LedgerProblemException(ProblemTypes.TooManyApiKeys, $"The tenant may have {most} keys; revoke one.");
        var made = New(tenant, name, scopes, expiresAt, actor, now);
        await InsertAsync(transaction, tenant, made, cancel);
        var audited = new AuditEvent(actor, "api-key.add", made.Key.Id.ToString(), Details(made.Key));
        await audit.WriteAsync(transaction, tenant, audited, cancel);
        await transaction.CommitAsync(cancel);
        return made;
    }

    /// <summary>Makes a new key of the same name and scopes that lives as long as the old one was made to; the old one ends after the
    /// overlap, or when it would anyway.</summary>
    /// <param name="overlap">Up to <see cref="ApiKeyLimits.LongestOverlap"/>; the caller checks.</param>
    /// <returns>Null where the tenant has no such key.</returns>
    /// <exception cref="LedgerProblemException">api-key-ended, api-key-rotated.</exception>
    public async Task<NewApiKey?> RotateAsync(TenantId tenant, Guid id, TimeSpan overlap, string actor, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (await ApiKeyReader.FindAsync(transaction, tenant, id, "FOR UPDATE", cancel) is not { } old) return null;
        var now = time.GetUtcNow();
        if (old.RevokedAt is not null)
            throw new LedgerProblemException(ProblemTypes.ApiKeyEnded, "The key was revoked, which is for good.");
        if (old.ReplacedBy is not null)
            throw new LedgerProblemException(ProblemTypes.ApiKeyRotated, $"The key was rotated: {old.ReplacedBy} is the one to rotate.");
        if (old.StateAt(now) == ApiKeyState.Expired) throw new LedgerProblemException(ProblemTypes.ApiKeyEnded, "The key has expired.");

        var made = New(tenant, old.Name, old.Scopes, now + (old.ExpiresAt - old.CreatedAt), actor, now);
        await InsertAsync(transaction, tenant, made, cancel);
        var until = old.ExpiresAt is { } end && end < now + overlap ? end : now + overlap;
        await transaction.ExecuteAsync("UPDATE api_keys SET expires_at = $3, replaced_by = $4 WHERE tenant_id = $1 AND id = $2", cancel,
            Text(tenant.Value), Id(id), Time(until), Id(made.Key.Id));
        var details = Details(made.Key);
        (details["replaced_by"], details["old_expires_at"]) = (made.Key.Id.ToString(), LedgerTime.Format(until));
        await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, "api-key.rotate", id.ToString(), details), cancel);
        await transaction.CommitAsync(cancel);
        return made;
    }

    /// <summary>Refuses the key from now on and for good. Revoking twice is as good as once.</summary>
    /// <returns>False where the tenant has no such key.</returns>
    public async Task<bool> RevokeAsync(TenantId tenant, Guid id, string actor, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (await ApiKeyReader.FindAsync(transaction, tenant, id, "FOR UPDATE", cancel) is not { } key) return false;
        if (key.RevokedAt is not null) return true;
        await transaction.ExecuteAsync("UPDATE api_keys SET revoked_at = $3, revoked_by = $4 WHERE tenant_id = $1 AND id = $2", cancel,
            Text(tenant.Value), Id(id), Time(time.GetUtcNow()), Text(actor));
        await audit.WriteAsync(transaction, tenant,
            new AuditEvent(actor, "api-key.revoke", id.ToString(), new Dictionary<string, string> { ["prefix"] = key.Prefix }), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private NewApiKey New(TenantId tenant, string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, string actor,
        DateTimeOffset now)
    {
        var text = ApiKeyText.New(tenant, out var whole);
        var key = new ApiKey(ids.NewId(now), text.Prefix, name, scopes, actor, now, expiresAt, null, null, null, null);
        return new NewApiKey(key, text, whole);
    }

    private static Task<int> InsertAsync(LedgerTransaction transaction, TenantId tenant, NewApiKey made, CancellationToken cancel) =>
        transaction.ExecuteAsync("""
            INSERT INTO api_keys (tenant_id, id, prefix, name, scopes, hash, created_by, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """, cancel, Text(tenant.Value), Id(made.Key.Id), Text(made.Key.Prefix), Text(made.Key.Name), Texts([.. made.Key.Scopes]),
            Hash(made.Text.Hash), Text(made.Key.CreatedBy), Time(made.Key.CreatedAt), Time(made.Key.ExpiresAt));

    // A rotated key's place is its successor's: a tenant at its limit can still rotate.
    private static async Task<long> CountAsync(LedgerTransaction transaction, TenantId tenant, DateTimeOffset now, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT count(*) FROM api_keys k
             WHERE k.tenant_id = $1 AND k.revoked_at IS NULL AND k.replaced_by IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)
            """, cancel, Text(tenant.Value), Time(now));
        await reader.ReadAsync(cancel);
        return reader.GetInt64(0);
    }

    private static Dictionary<string, string> Details(ApiKey key)
    {
        var details = new Dictionary<string, string> { ["prefix"] = key.Prefix, ["scopes"] = string.Join(' ', key.Scopes) };
        if (key.ExpiresAt is { } end) details["expires_at"] = LedgerTime.Format(end);
        return details;
    }
}

/// <summary>A key that was just made.</summary>
/// <param name="Whole">Shown once: nobody can find it out again.</param>
public sealed record NewApiKey(ApiKey Key, ApiKeyText Text, string Whole)
{
    /// <summary>Never the key itself: records print all they have.</summary>
    public override string ToString() => Text.ToString();
}
