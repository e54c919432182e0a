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
    /// <param name="expiresAt">At most <see cref="ApiKeyLimits.LongestLife"/> away; the caller checks.</param>
    /// <param name="by">Who asks.</param>
    /// <exception cref="LedgerProblemException">too-many-api-keys; tenant-suspended, forbidden: since a moment ago.</exception>
    public async Task<NewApiKey> AddAsync(TenantId tenant, string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt,
        Changer by, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var most = (await HoldAsync(transaction, tenant, by, cancel)).ApiKeys ?? ApiKeyLimits.Keys;
        var now = time.GetUtcNow();
        if (await CountAsync(transaction, tenant, now, cancel) >= most)
            throw new LedgerProblemException(ProblemTypes.TooManyApiKeys, $"The tenant may have {most} keys; revoke one.");
        var made = New(tenant, name, scopes, expiresAt, by, now);
        await InsertAsync(transaction, tenant, made, cancel);
        await audit.WriteAsync(transaction, tenant,
            new AuditEvent(by.Principal, "api-key.add", made.Key.Id.ToString(), Details(made.Key)), cancel);
        await transaction.CommitAsync(cancel);
        return made;
    }

    /// <summary>Makes a new key of the same name and scopes that lives as long as the old one was made to; the old one ends after the
    /// overlap, or when it would anyway.</summary>
    /// <param name="overlap">Up to <see cref="ApiKeyLimits.LongestOverlap"/>; the caller checks.</param>
    /// <returns>Null where the tenant has no such key.</returns>
    /// <exception cref="LedgerProblemException">api-key-ended, api-key-rotated, api-key-in-overlap; tenant-suspended, forbidden: since a
    /// moment ago.</exception>
    public async Task<NewApiKey?> RotateAsync(TenantId tenant, Guid id, TimeSpan overlap, Changer by, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await HoldAsync(transaction, tenant, by, cancel);
        if (await ApiKeyReader.FindAsync(transaction, tenant, id, "FOR UPDATE", cancel) is not { } old) return null;
        var now = time.GetUtcNow();
        if (old.RevokedAt is not null)
            throw new LedgerProblemException(ProblemTypes.ApiKeyEnded, "The key was revoked, which is for good.");
        if (old.ReplacedBy is not null)
            throw new LedgerProblemException(ProblemTypes.ApiKeyRotated, $"The key was rotated: {old.ReplacedBy} is the one to rotate.");
        if (old.StateAt(now) == ApiKeyState.Expired) throw new LedgerProblemException(ProblemTypes.ApiKeyEnded, "The key has expired.");
        await RefuseInOverlapAsync(transaction, tenant, id, now, cancel);

        var made = New(tenant, old.Name, old.Scopes, now + LifeOf(old), by, now);
        await InsertAsync(transaction, tenant, made, cancel);
        var until = old.ExpiresAt is { } end && end < now + overlap ? end : now + overlap;
        await transaction.ExecuteAsync("UPDATE api_keys SET expires_at = $3, replaced_by = $4 WHERE tenant_id = $1 AND id = $2", cancel,
            Text(tenant.Value), Id(id), Time(until), Id(made.Key.Id));
        var details = Details(made.Key);
        (details["replaced_by"], details["old_expires_at"]) = (made.Key.Id.ToString(), LedgerTime.Format(until));
        await audit.WriteAsync(transaction, tenant, new AuditEvent(by.Principal, "api-key.rotate", id.ToString(), details), cancel);
        await transaction.CommitAsync(cancel);
        return made;
    }

    /// <summary>Refuses the key from now on and for good. Revoking twice is as good as once. It takes a right away, so neither a suspension
    /// nor what became of the caller a moment ago stops it.</summary>
    /// <returns>False where the tenant has no such key.</returns>
    public async Task<bool> RevokeAsync(TenantId tenant, Guid id, Changer by, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        if (await ApiKeyReader.FindAsync(transaction, tenant, id, "FOR UPDATE", cancel) is not { } key) return false;
        if (key.RevokedAt is not null) return true;
        await transaction.ExecuteAsync("UPDATE api_keys SET revoked_at = $3, revoked_by = $4 WHERE tenant_id = $1 AND id = $2", cancel,
            Text(tenant.Value), Id(id), Time(time.GetUtcNow()), Text(by.Principal));
        await audit.WriteAsync(transaction, tenant,
            new AuditEvent(by.Principal, "api-key.revoke", id.ToString(), new Dictionary<string, string> { ["prefix"] = key.Prefix }),
                cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    // What let the request in may be seconds old, and another process may have ended it since.
    private static async Task<TenantLimits> HoldAsync(LedgerTransaction transaction, TenantId tenant, Changer by, CancellationToken cancel)
    {
        var limits = await TenantLimits.HoldAsync(transaction, tenant, cancel);
        limits.RequireNotSuspended();
        await ActingPerson.CheckAsync(transaction, tenant, by.Subject, cancel);
        return limits;
    }

    // One chain of rotations is two keys at most, so that rotating is no way around the limit.
    private static async Task RefuseInOverlapAsync(LedgerTransaction transaction, TenantId tenant, Guid id, DateTimeOffset now,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync($"""
            SELECT k.id, k.expires_at FROM api_keys k WHERE k.tenant_id = $1 AND k.replaced_by = $3 AND {InUse("k")}
            """, cancel, Text(tenant.Value), Time(now), Id(id));
        if (await reader.ReadAsync(cancel))
            throw new LedgerProblemException(ProblemTypes.ApiKeyInOverlap, $"The key replaced {reader.GetGuid(0)}, which goes on until "
                + $"{LedgerTime.Format(reader.GetTime(1))}: wait for that, or revoke it.");
    }

    // A key that was made when ends had no limit has a successor that ends within it.
    private static TimeSpan? LifeOf(ApiKey key) => key.ExpiresAt - key.CreatedAt is not { } life ? null
        : life < ApiKeyLimits.LongestLife ? life : ApiKeyLimits.LongestLife;

    private NewApiKey New(TenantId tenant, string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, Changer by,
        DateTimeOffset now)
    {
        var text = ApiKeyText.New(tenant, out var whole);
        var key = new ApiKey(ids.NewId(now), text.Prefix, name, scopes, by.Principal, now, expiresAt, null, null, null, null);
        return new NewApiKey(key, text, whole);
    }

    private static Task<int> InsertAsync(LedgerTransaction transaction, TenantId tenant, NewApiKey made, CancellationToken cancel) =>
        transaction.ExecuteAsync("""
            INSERT INTO api_keys (tenant_id, id, prefix, name, scopes, hash, created_by, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """, cancel, Text(tenant.Value), Id(made.Key.Id), Text(made.Key.Prefix), Text(made.Key.Name), Texts([.. made.Key.Scopes]),
            Hash(made.Text.Hash), Text(made.Key.CreatedBy), Time(made.Key.CreatedAt), Time(made.Key.ExpiresAt));

    // A key whose successor is in use has its place with it: a tenant at its limit can still rotate. Without the successor it is counted
    // again.
    private static async Task<long> CountAsync(LedgerTransaction transaction, TenantId tenant, DateTimeOffset now, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync($"""
            SELECT count(*) FROM api_keys k
             WHERE k.tenant_id = $1 AND {InUse("k")}
               AND NOT EXISTS (SELECT FROM api_keys s WHERE s.tenant_id = k.tenant_id AND s.id = k.replaced_by AND {InUse("s")})
            """, cancel, Text(tenant.Value), Time(now));
        await reader.ReadAsync(cancel);
        return reader.GetInt64(0);
    }

    /// <summary>Neither revoked nor expired; $2 is now.</summary>
    private static string InUse(string key) => $"{key}.revoked_at IS NULL AND ({key}.expires_at IS NULL OR {key}.expires_at > $2)";

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
