using System.Security.Cryptography;
using System.Text;
using Ledger.Verify;
using Ledger.Verify.Entries;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Benchmarks.Proofs;

/// <summary>
/// Makes a log long quickly: rows by COPY as the owner, correctly chained and hashed, with random bytes for signatures since nobody here
/// verifies them.
/// </summary>
internal static class BulkLog
{
    private const string Columns =
        "tenant_id, epoch, seq, id, predicate_type, subject, payload_hash, created_at, meta_commitment, key_id, signature, statement_sha256, prev, leaf_hash";

    /// <summary>Grows the log of the tenant's first epoch to a number of entries.</summary>
    public static async Task GrowAsync(string owner, string tenant, long size)
    {
        await using var database = NpgsqlDataSource.Create(owner);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (origin, next, head) = await LockAsync(connection, tenant);
        var keyId = await KeyAsync(connection, tenant);
        if (next >= size) return;
        await using (var copy = await connection.BeginBinaryImportAsync(
            $"COPY ledger.chain_entries ({Columns}) FROM STDIN (FORMAT binary)"))
        {
            for (var seq = next; seq < size; seq++) head = await WriteAsync(copy, tenant, origin, keyId, seq, head);
            await copy.CompleteAsync();
        }
        await using var move = new NpgsqlCommand(
            "UPDATE ledger.chain_heads SET next_seq = $2, head_hash = $3 WHERE tenant_id = $1 AND epoch = 1", connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = size }, new() { Value = head.ToArray() } },
        };
        await move.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        await using var analyze = database.CreateCommand("ANALYZE ledger.chain_entries");
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task<Digest> WriteAsync(NpgsqlBinaryImporter copy, string tenant, string origin, string keyId,
        long seq, Digest prev)
    {
        var (now, signature) = (DateTimeOffset.UtcNow, RandomNumberGenerator.GetBytes(64));
        now = new DateTimeOffset(now.Ticks - now.Ticks % 10, TimeSpan.Zero);
        var id = Guid.CreateVersion7(now);
        var payload = Digest.Sha256(Encoding.UTF8.GetBytes($"bulk {seq}"));
        var statement = new Statement("bulk", payload, PredicateTypes.Entry, tenant, id.ToString(), LedgerTime.Format(now), payload);
        var hash = Digest.Sha256(statement.ToBytes());
        var leaf = new Leaf(origin, seq, prev, hash, keyId, signature).Hash();
        await copy.StartRowAsync();
        await copy.WriteAsync(tenant, NpgsqlDbType.Text);
        await copy.WriteAsync(1, NpgsqlDbType.Integer);
        await copy.WriteAsync(seq, NpgsqlDbType.Bigint);
        await copy.WriteAsync(id, NpgsqlDbType.Uuid);
        await copy.WriteAsync(PredicateTypes.Entry, NpgsqlDbType.Text);
        await copy.WriteAsync("bulk", NpgsqlDbType.Text);
        await copy.WriteAsync(payload.ToArray(), NpgsqlDbType.Bytea);
        await copy.WriteAsync(now.UtcDateTime, NpgsqlDbType.TimestampTz);
        await copy.WriteAsync(payload.ToArray(), NpgsqlDbType.Bytea);
        await copy.WriteAsync(keyId, NpgsqlDbType.Text);
        await copy.WriteAsync(signature, NpgsqlDbType.Bytea);
        await copy.WriteAsync(hash.ToArray(), NpgsqlDbType.Bytea);
        await copy.WriteAsync(prev.ToArray(), NpgsqlDbType.Bytea);
        await copy.WriteAsync(leaf.ToArray(), NpgsqlDbType.Bytea);
        return leaf;
    }

    /// <summary>Ids spread over the whole log.</summary>
    public static async Task<string[]> SampleAsync(string owner, string tenant, int count, long size)
    {
        await using var database = NpgsqlDataSource.Create(owner);
        var wanted = Enumerable.Range(0, count).Select(i => (long)(size * (i + 0.5) / count)).Distinct().ToArray();
        await using var command = database.CreateCommand(
            "SELECT id::text FROM ledger.chain_entries WHERE tenant_id = $1 AND epoch = 1 AND seq = ANY($2)");
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = wanted });
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await reader.ReadAsync()) ids.Add(reader.GetString(0));
        return [.. ids];
    }

    private static async Task<(string Origin, long Next, Digest Head)> LockAsync(NpgsqlConnection connection, string tenant)
    {
        await using var command = new NpgsqlCommand(
            "SELECT origin, next_seq, head_hash FROM ledger.chain_heads WHERE tenant_id = $1 AND epoch = 1 FOR UPDATE",
            connection) { Parameters = { new() { Value = tenant } } };
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetString(0), reader.GetInt64(1), new Digest(reader.GetFieldValue<byte[]>(2)));
    }

    private static async Task<string> KeyAsync(NpgsqlConnection connection, string tenant)
    {
        await using var command = new NpgsqlCommand(
            "SELECT key_id FROM ledger.key_ranges WHERE tenant_id = $1 AND epoch = 1 AND purpose = 'entry'",
            connection) { Parameters = { new() { Value = tenant } } };
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
