using System.Security.Cryptography;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.ApiKeys;

/// <summary>Looks keys up. Nothing is kept between two look-ups: a key is refused from the commit of its revocation on, in every process.
/// </summary>
public sealed class ApiKeyReader(LedgerDatabase database)
{
    private const string Select = $"SELECT {ApiKey.Columns} FROM api_keys k WHERE k.tenant_id = $1";

    // What a key that is not there is compared with, so that it takes as long as one whose secret is wrong.
    private static readonly byte[] Nobody = new byte[32];

    /// <summary>The key that this text is, revoked and expired ones too; null for a text that is none. An unknown tenant, an unknown prefix
    /// and a wrong secret take the same look-up in the same index.</summary>
    public async Task<ApiKey?> FindAsync(ApiKeyText text, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(text.Tenant, cancel);
        await using var reader = await transaction.QueryAsync(
            $"SELECT {ApiKey.Columns}, k.hash FROM api_keys k WHERE k.tenant_id = $1 AND k.prefix = $2", cancel,
            Text(text.Tenant.Value), Text(text.Prefix));
        var key = await reader.ReadAsync(cancel) ? ApiKey.Read(reader) : null;
        var stored = key is null ? Nobody : reader.GetFieldValue<byte[]>(ApiKey.ColumnCount);
        return CryptographicOperations.FixedTimeEquals(stored, text.Hash.ToArray()) ? key : null;
    }

    public async Task<ApiKey?> FindAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        return await FindAsync(transaction, tenant, id, "", cancel);
    }

    /// <summary>A tenant's keys, ended ones too, oldest first, after a place where one is given.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(TenantId tenant, Guid? after, int limit, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync($"{Select} AND k.id > $2 ORDER BY k.id LIMIT $3", cancel, Text(tenant.Value),
            Id(after ?? Guid.Empty), Int(limit));
        var keys = new List<ApiKey>();
        while (await reader.ReadAsync(cancel)) keys.Add(ApiKey.Read(reader));
        return keys;
    }

    internal static async Task<ApiKey?> FindAsync(LedgerTransaction transaction, TenantId tenant, Guid id, string locking,
        CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync($"{Select} AND k.id = $2 {locking}", cancel, Text(tenant.Value), Id(id));
        return await reader.ReadAsync(cancel) ? ApiKey.Read(reader) : null;
    }
}
