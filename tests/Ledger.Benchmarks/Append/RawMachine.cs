using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Ledger.Verify;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Benchmarks.Append;

/// <summary>What the machine must do anyway: the same rows, in copies of the same tables with the same indexes, by multi-row statements
/// with bound parameters and the same fsync; each entry signed once and verified once with the same library. No HTTP, no JSON in, no lock,
/// no second process.</summary>
internal static class RawMachine
{
    private const int RowsPerStatement = 250;
    private const int RowsPerCommit = 1000;

    private static readonly string EntriesSql = Values("INSERT INTO raw.chain_entries VALUES ", 15);
    private static readonly string MetasSql = Values("INSERT INTO raw.entry_meta VALUES ", 5);

    public const string Schema = """
        CREATE SCHEMA IF NOT EXISTS raw;
        DROP TABLE IF EXISTS raw.chain_entries, raw.entry_meta;
        CREATE TABLE raw.chain_entries (LIKE ledger.chain_entries INCLUDING ALL);
        CREATE TABLE raw.entry_meta (LIKE ledger.entry_meta INCLUDING ALL);
        """;

    /// <returns>Entries per second over all lanes.</returns>
    public static async Task<double> RunAsync(string connection, int lanes, TimeSpan length)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using (var make = database.CreateCommand(Schema)) await make.ExecuteNonQueryAsync();
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(async () =>
        {
            var seed = RandomNumberGenerator.GetBytes(32);
            var publicKey = Ed25519.PublicKeyOf(seed);
            var prev = Digest.Zero;
            long count = 0;
            while (clock.Elapsed < length)
            {
                await using var connected = await database.OpenConnectionAsync();
                await using var transaction = await connected.BeginTransactionAsync();
                for (var i = 0; i < RowsPerCommit; i += RowsPerStatement)
                    prev = await InsertAsync(connected, transaction, $"lane-{lane}", seed, publicKey, count + i, prev);
                await transaction.CommitAsync();
                count += RowsPerCommit;
            }
            return count;
        })));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static async Task<Digest> InsertAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string tenant, byte[] seed,
        byte[] publicKey, long seq, Digest prev)
    {
        var entries = new NpgsqlBatchCommand(EntriesSql);
        var metas = new NpgsqlBatchCommand(MetasSql);
        for (var i = 0; i < RowsPerStatement; i++, seq++)
        {
            var (id, now, salt) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow, RandomNumberGenerator.GetBytes(32));
            var meta = Encoding.UTF8.GetBytes($$"""{"user_id":"{{seq}}"}""");
            var statement = new Statement("user-action", Digest.Sha256(meta), PredicateTypes.Entry, tenant, id.ToString(),
                LedgerTime.Format(now), MetaCommitment.Of(meta, salt));
            var bytes = statement.ToBytes();
            var pae = Dsse.Pae(Dsse.InTotoPayloadType, bytes);
            var signature = Ed25519.Sign(seed, pae);
            if (!Ed25519.Verify(publicKey, pae, signature)) throw new InvalidOperationException("A signature that does not verify.");
            var leaf = new Leaf("ledger.localhost/log/" + tenant, seq, prev, Digest.Sha256(bytes), "SHA256:bench", signature);
            var hash = leaf.Hash();
            Add(entries, Text(tenant), Int(1), Long(seq), Id(id), Text(statement.PredicateType), Text(statement.Subject),
                Hash(statement.PayloadHash), Time(now), Hash(statement.MetaCommitment), Text(null), Text(leaf.KeyId), Bytes(signature),
                Hash(leaf.StatementSha256), Hash(prev), Hash(hash));
            Add(metas, Text(tenant), Int(1), Long(seq), Bytes(meta), Bytes(salt));
            prev = hash;
        }
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { entries, metas } };
        await batch.ExecuteNonQueryAsync();
        return prev;
    }

    private static void Add(NpgsqlBatchCommand command, params ReadOnlySpan<NpgsqlParameter> values)
    {
        foreach (var value in values) command.Parameters.Add(value);
    }

    private static string Values(string head, int columns) =>
        head + string.Join(", ",
            Enumerable.Range(0, RowsPerStatement)
                .Select(r => "(" + string.Join(", ", Enumerable.Range(1, columns).Select(c => $"${r * columns + c}")) + ")"));
}
