using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Signing;

/// <summary>The table <c>signing_keys</c>: written before a key's first use, never changed, never emptied.</summary>
public static class SigningKeyStore
{
    /// <summary>Adds a key unless that Vault name and version, or the key itself, is known;
    /// then reads back what is stored for the version.</summary>
    public static async Task<SigningKey> AddAsync(
        LedgerTransaction transaction, TenantId? owner, SigningKey key, DateTimeOffset now, CancellationToken cancel)
    {
        await transaction.ExecuteAsync("""
            INSERT INTO signing_keys (tenant_id, key_id, purpose, vault_name, vault_version, spki, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
            """, cancel, Text(owner?.Value ?? ""), Text(key.KeyId), Text(key.Purpose.SqlName()),
            Text(key.VaultName), Int(key.VaultVersion), Bytes(key.Spki), Time(now));
        return (await FindAsync(transaction, owner, key.VaultName, cancel)).GetValueOrDefault(key.VaultVersion) ?? key;
    }

    /// <summary>The stored keys of one Vault name by version.</summary>
    public static async Task<IReadOnlyDictionary<int, SigningKey>> FindAsync(
        LedgerTransaction transaction, TenantId? owner, string vaultName, CancellationToken cancel)
    {
        var found = new Dictionary<int, SigningKey>();
        await using var reader = await transaction.QueryAsync("""
            SELECT key_id, purpose, vault_name, vault_version, spki FROM signing_keys WHERE tenant_id = $1 AND vault_name = $2
            """, cancel, Text(owner?.Value ?? ""), Text(vaultName));
        while (await reader.ReadAsync(cancel)) found[reader.GetInt32(3)] = Read(reader);
        return found;
    }

    /// <summary>The service's own keys (no tenant's), or with an owner that tenant's, oldest first.</summary>
    public static async Task<IReadOnlyList<SigningKey>> ListAsync(LedgerTransaction transaction, TenantId? owner, CancellationToken cancel)
    {
        var keys = new List<SigningKey>();
        await using var reader = await transaction.QueryAsync("""
            SELECT key_id, purpose, vault_name, vault_version, spki FROM signing_keys
             WHERE tenant_id = $1 ORDER BY purpose, vault_name, vault_version
            """, cancel, Text(owner?.Value ?? ""));
        while (await reader.ReadAsync(cancel)) keys.Add(Read(reader));
        return keys;
    }

    private static SigningKey Read(Npgsql.NpgsqlDataReader reader) =>
        new(reader.GetString(0), KeyPurposes.Parse(reader.GetString(1)), reader.GetString(2),
            reader.GetInt32(3), reader.GetFieldValue<byte[]>(4));
}
