using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Signing;

/// <summary>Where in a log a key is valid: seqs for entry keys, tree sizes for the others,
/// both ends inclusive; open while <see cref="To"/> is null.</summary>
public sealed record KeyRange(string KeyId, long From, long? To);

/// <summary>The table <c>key_ranges</c>. A range opens in the transaction that stores the first thing signed with the key;
/// only retirement closes it.</summary>
public static class KeyRangeStore
{
    public const string ListSql = """
        SELECT key_id, from_position, to_position FROM key_ranges
         WHERE tenant_id = $1 AND epoch = $2 AND purpose = $3 ORDER BY from_position, key_id
        """;

    public static async Task<IReadOnlyList<KeyRange>> ListAsync(
        LedgerTransaction transaction, TenantId tenant, int epoch, KeyPurpose purpose, CancellationToken cancel)
    {
        var ranges = new List<KeyRange>();
        await using var reader = await transaction.QueryAsync(ListSql, cancel, Text(tenant.Value), Int(epoch), Text(purpose.SqlName()));
        while (await reader.ReadAsync(cancel)) ranges.Add(Read(reader));
        return ranges;
    }

    public static KeyRange Read(Npgsql.NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetInt64(1), reader.GetLongOrNull(2));

    public const string OpenSql = """
        INSERT INTO key_ranges (tenant_id, epoch, purpose, key_id, from_position) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
        """;

    public static Task OpenAsync(
        LedgerTransaction transaction, TenantId tenant, int epoch, KeyPurpose purpose, string keyId, long from, CancellationToken cancel) =>
        transaction.ExecuteAsync(OpenSql, cancel, Text(tenant.Value), Int(epoch), Text(purpose.SqlName()), Text(keyId), Long(from));

    /// <summary>The same for a tenant's own keys, of which each belongs to one epoch (the index key_ranges_of_one_epoch): whoever comes
    /// first has it.</summary>
    /// <returns>False where the key is another epoch's.</returns>
    public static async Task<bool> ClaimAsync(
        LedgerTransaction transaction, TenantId tenant, int epoch, KeyPurpose purpose, string keyId, long from, CancellationToken cancel)
    {
        await OpenAsync(transaction, tenant, epoch, purpose, keyId, from, cancel);
        return (await ListAsync(transaction, tenant, epoch, purpose, cancel)).Any(r => r.KeyId == keyId);
    }

    /// <summary>Closes an open range. The caller holds the log's head locked,
    /// so that no entry can be stored past <paramref name="to"/> under the key.</summary>
    /// <returns>False where the log has no open range of that key.</returns>
    public static async Task<bool> RetireAsync(
        LedgerTransaction transaction, TenantId tenant, int epoch, KeyPurpose purpose, string keyId, long to, CancellationToken cancel) =>
        await transaction.ExecuteAsync("""
            UPDATE key_ranges SET to_position = GREATEST($5, from_position)
             WHERE tenant_id = $1 AND epoch = $2 AND purpose = $3 AND key_id = $4 AND to_position IS NULL
            """, cancel, Text(tenant.Value), Int(epoch), Text(purpose.SqlName()), Text(keyId), Long(to)) == 1;
}
