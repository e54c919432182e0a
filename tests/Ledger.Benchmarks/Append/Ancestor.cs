using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Benchmarks.Append;

/// <summary>The ancestor's way, as well as it can be done: per request one Vault call, then one serializable transaction that reads the
/// last entry's hash and inserts the next, tried again while it fails to serialize. No token, no local verification, no metadata table:
/// less work than the ledger's.</summary>
internal static class Ancestor
{
    public const string Schema = """
        CREATE SCHEMA IF NOT EXISTS ancestor;
        CREATE TABLE IF NOT EXISTS ancestor.entries (
            seq bigint NOT NULL PRIMARY KEY, id uuid NOT NULL, subject text NOT NULL, payload_hash bytea NOT NULL, created_at timestamptz NOT NULL,
            meta jsonb NOT NULL, signature text NOT NULL, prev bytea NOT NULL, hash bytea NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS entries_by_id ON ancestor.entries (id);
        TRUNCATE ancestor.entries;
        INSERT INTO ancestor.entries VALUES (0, gen_random_uuid(), '', '', now(), '{}', '', '', sha256(''));
        CREATE SEQUENCE IF NOT EXISTS ancestor.unchained_seq;
        CREATE TABLE IF NOT EXISTS ancestor.unchained (LIKE ancestor.entries INCLUDING ALL);
        TRUNCATE ancestor.unchained;
        """;

    private sealed record Body(string Subject, string Payload, JsonElement Meta);

    /// <summary>Runs as a process of its own until it is stopped.</summary>
    public static async Task RunAsync(int port, string connection, Uri vault, string token, string key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = 100 }.ConnectionString);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = vault };
        http.DefaultRequestHeaders.Add("X-Vault-Token", token);
        app.MapPost("/append", (Body body) => AppendAsync(body, chained: true));
        app.MapPost("/append-unchained", (Body body) => AppendAsync(body, chained: false));
        app.MapGet("/alive", () => "ok");
        await app.RunAsync();

        async Task<IResult> AppendAsync(Body body, bool chained)
        {
            var hash = SHA256.HashData(Convert.FromBase64String(body.Payload));
            using var answer = await http.PostAsJsonAsync($"/v1/transit/sign/{key}", new { input = Convert.ToBase64String(hash) });
            var signed = await answer.Content.ReadFromJsonAsync<JsonElement>();
            var signature = signed.GetProperty("data").GetProperty("signature").GetString()!;
            var id = Guid.CreateVersion7();
            while (true)
            {
                try
                {
                    await StoreAsync(id, body, hash, signature, chained);
                    return Results.Json(new { id, body.Subject, payload_hash = Convert.ToHexStringLower(hash), signature },
                        statusCode: 201);
                }
                catch (PostgresException e)
                    when (e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation)
                {
                    // Somebody else was first: read the end again.
                }
            }
        }

        async Task StoreAsync(Guid id, Body body, byte[] hash, string signature, bool chained)
        {
            await using var connected = await database.OpenConnectionAsync();
            await using var transaction = await connected.BeginTransactionAsync(System.Data.IsolationLevel.Serializable);
            var (seq, prev) = chained ? await LastAsync(connected, transaction) : (-1, new byte[32]);
            var table = chained ? "entries" : "unchained";
            var next = chained ? "$1" : "nextval('ancestor.unchained_seq') + 0 * $1";
            await using var insert = new NpgsqlCommand(
                $"INSERT INTO ancestor.{table} VALUES ({next}, $2, $3, $4, now(), $5::jsonb, $6, $7, $8)", connected, transaction)
            {
                Parameters =
                {
                    new() { Value = seq + 1 }, new() { Value = id }, new() { Value = body.Subject }, new() { Value = hash },
                    new() { Value = body.Meta.GetRawText(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb }, new() { Value = signature },
                    new() { Value = prev }, new() { Value = SHA256.HashData([.. prev, .. hash, .. Encoding.UTF8.GetBytes(signature)]) },
                },
            };
            await insert.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
    }

    private static async Task<(long Seq, byte[] Hash)> LastAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        await using var last = new NpgsqlCommand("SELECT seq, hash FROM ancestor.entries ORDER BY seq DESC LIMIT 1",
            connection, transaction);
        await using var reader = await last.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
    }
}
