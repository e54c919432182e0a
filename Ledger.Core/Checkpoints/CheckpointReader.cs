using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>The checkpoints of a log. Whatever is here was in the high-water mark before.</summary>
public sealed class CheckpointReader(LedgerDatabase database)
{
    private const string Select = $"SELECT {StoredCheckpoint.Columns} FROM checkpoints c WHERE c.tenant_id = $1 AND c.epoch = $2";

    /// <summary>The newest one; null while the log is empty: an empty tree is never signed.</summary>
    public Task<StoredCheckpoint?> LatestAsync(TenantId tenant, int epoch, CancellationToken cancel) =>
        OneAsync(tenant, $"{Select} ORDER BY c.tree_size DESC LIMIT 1", cancel, Text(tenant.Value), Int(epoch));

    public Task<StoredCheckpoint?> FindAsync(TenantId tenant, int epoch, long size, CancellationToken cancel) =>
        OneAsync(tenant, $"{Select} AND c.tree_size = $3", cancel, Text(tenant.Value), Int(epoch), Long(size));

    /// <summary>At most <paramref name="limit"/> of them, newest first, below <paramref name="beforeSize"/> where one is given.</summary>
    public async Task<IReadOnlyList<StoredCheckpoint>> ListAsync(TenantId tenant, int epoch, long? beforeSize, int limit,
        CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync($"{Select} AND c.tree_size < $3 ORDER BY c.tree_size DESC LIMIT $4", cancel,
            Text(tenant.Value), Int(epoch), Long(beforeSize ?? long.MaxValue), Int(limit));
        var found = new List<StoredCheckpoint>();
        while (await reader.ReadAsync(cancel)) found.Add(StoredCheckpoint.Read(reader));
        return found;
    }

    private async Task<StoredCheckpoint?> OneAsync(TenantId tenant, string sql, CancellationToken cancel,
        params NpgsqlParameter[] parameters)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync(sql, cancel, parameters);
        return await reader.ReadAsync(cancel) ? StoredCheckpoint.Read(reader) : null;
    }
}
