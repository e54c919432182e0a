using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>Brings a database to this version's schema: numbered, forward-only .sql files, each run once, under an advisory lock.
/// A file that changed after it ran is refused: its checksum no longer matches.</summary>
public static class Migrator
{
    private const long AdvisoryLock = 0x4C45_4447_4552; // "LEDGER"; needs a session, so not a transaction-pooling PgBouncer

    /// <summary>Runs what is missing and returns the names that ran, in order.</summary>
    /// <exception cref="MigrationException">The database knows a migration that this program does not, or another text of one.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(string connectionString, CancellationToken cancel)
    {
        // Named as pools are: by itself its name in telemetry would be the connection string, but for the password.
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        await using var source = new NpgsqlDataSourceBuilder(unpooled) { Name = "ledger_migrations" }.Build();
        await using var connection = await source.OpenConnectionAsync(cancel);
        await RunAsync(connection, $"SELECT pg_advisory_lock({AdvisoryLock})", cancel);
        await RunAsync(connection, Read("Roles.sql"), cancel);
        await RunAsync(connection, """
            SET ROLE ledger_owner;
            CREATE SCHEMA IF NOT EXISTS ledger;
            SET search_path = ledger, public;
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name text NOT NULL PRIMARY KEY, sha256 bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
            """, cancel);

        var done = await AppliedAsync(connection, cancel);
        var files = Names().ToList();
        if (done.Keys.Except(files).FirstOrDefault() is { } unknown)
            throw new MigrationException(
                $"The database has migration {unknown}, which this program does not know: it was migrated by a newer version.");

        var ran = new List<string>();
        foreach (var name in files)
        {
            var sql = Read(name);
            var checksum = ChecksumOf(name);
            if (done.TryGetValue(name, out var known))
            {
                if (!known.AsSpan().SequenceEqual(checksum))
                    throw new MigrationException($"Migration {name} changed after it was applied to this database.");
                continue;
            }
            await ApplyAsync(connection, name, sql, checksum, cancel);
            ran.Add(name);
        }
        return ran;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, string name, string sql, byte[] checksum, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await RunAsync(connection, sql, cancel);
        await using var record = new NpgsqlCommand("INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2)", connection, transaction);
        record.Parameters.Add(Sql.Text(name));
        record.Parameters.Add(Sql.Bytes(checksum));
        await record.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task<Dictionary<string, byte[]>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var applied = new Dictionary<string, byte[]>();
        await using var command = new NpgsqlCommand("SELECT name, sha256 FROM schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) applied[reader.GetString(0)] = reader.GetFieldValue<byte[]>(1);
        return applied;
    }

    /// <summary>SHA-256 of each migration that this program brings, by name: what a migrated database has written down.</summary>
    public static IReadOnlyDictionary<string, byte[]> Checksums() => Names().ToDictionary(name => name, ChecksumOf);

    /// <summary>The migrations in the order they run.</summary>
    public static IEnumerable<string> Names() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => char.IsAsciiDigit(n[0]) && n.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static byte[] ChecksumOf(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(Read(name)));

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        return new StreamReader(stream, Encoding.UTF8).ReadToEnd();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}

public sealed class MigrationException(string message) : Exception(message);
