using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Tenancy;

/// <summary>What is append-only stays so, whoever asks.</summary>
public sealed class GuardTests
{
    private const string InsufficientPrivilege = "42501";

    private static readonly string[] AppendOnly =
        ["chain_entries", "tiles", "checkpoints", "anchors", "attestations", "attestation_subjects",
        "signing_keys"];

    private static IEnumerable<(string Table, string Operation, string Sql)> Changes =>
        from table in AppendOnly
        from change in new[]
        {
            ("UPDATE", $"UPDATE ledger.{table} SET tenant_id = tenant_id"),
            ("UPDATE", $"UPDATE ledger.{table} SET tenant_id = tenant_id WHERE false"),
            ("DELETE", $"DELETE FROM ledger.{table}"),
            ("TRUNCATE", $"TRUNCATE ledger.{table}"),
        }
        select (table, change.Item1, change.Item2);

    [PostgresFact]
    public async Task The_owner_is_refused_with_LG001_naming_table_and_operation()
    {
        await using var ledger = await FilledAsync();
        foreach (var (table, operation, sql) in Changes) await AssertGuardedAsync(ledger.Database.Owner, "", table, operation, sql);
        await AssertGuardedAsync(ledger.Database.Owner, "", "chain_entries", "UPDATE", """
            INSERT INTO chain_entries SELECT * FROM chain_entries ON CONFLICT (tenant_id, epoch, seq) DO UPDATE SET subject = 'other'
            """);
        await AssertGuardedAsync(ledger.Database.Owner, "", "chain_entries", "UPDATE", """
            MERGE INTO chain_entries e USING tenants t ON e.tenant_id = t.tenant_id WHEN MATCHED THEN UPDATE SET subject = 'other'
            """);
    }

    [PostgresFact]
    public async Task Replication_mode_does_not_disarm_the_guards()
    {
        await using var ledger = await FilledAsync();
        foreach (var (table, operation, sql) in Changes)
            await AssertGuardedAsync(ledger.Database.Superuser, "SET LOCAL session_replication_role = replica; ", table, operation, sql);
    }

    [PostgresFact]
    public async Task The_programs_roles_lack_even_the_privilege()
    {
        await using var ledger = await FilledAsync();
        foreach (var (login, role) in new[] { (ledger.Database.Api, "ledger_app"), (ledger.Database.Workers, "ledger_worker"),
            (ledger.Database.Owner, "ledger_admin") })
        {
            foreach (var (_, _, sql) in Changes)
            {
                var refused = await RefusedAsync(login, $"SET LOCAL ROLE {role}; SET LOCAL ledger.tenant = 'demo'; ", sql);
                Assert.True(refused.SqlState == InsufficientPrivilege, $"{role}: {sql}: {refused.MessageText}");
            }
        }
    }

    [PostgresTheory]
    [InlineData("UPDATE ledger.attestation_keys SET revoked_at = NULL")]
    [InlineData("UPDATE ledger.attestation_keys SET revoked_at = '2026-01-03T00:00:00Z'")]
    [InlineData("UPDATE ledger.attestation_keys SET spki = '\\x01'")]
    [InlineData("UPDATE ledger.attestation_keys SET name = 'other'")]
    [InlineData("DELETE FROM ledger.attestation_keys")]
    [InlineData("TRUNCATE ledger.attestation_keys")]
    public async Task An_attestation_key_is_revoked_once_and_else_stays_as_it_was_registered(string sql)
    {
        await using var ledger = await FilledAsync();
        await ledger.SqlAsync("UPDATE attestation_keys SET revoked_at = '2026-01-02T00:00:00Z'");
        foreach (var (login, before) in new[] { (ledger.Database.Owner, ""),
                     (ledger.Database.Superuser, "SET LOCAL session_replication_role = replica; ") })
            Assert.Equal("LG001", (await RefusedAsync(login, before, sql)).SqlState);
    }

    [PostgresTheory]
    [InlineData("revoked_at = NULL, revoked_by = NULL")]
    [InlineData("revoked_at = '2026-01-03T00:00:00Z'")]
    [InlineData("revoked_by = 'bob'")]
    [InlineData("expires_at = NULL")]
    [InlineData("expires_at = expires_at + interval '1 microsecond'")]
    [InlineData("expires_at = 'infinity'")]
    [InlineData("replaced_by = NULL")]
    public async Task An_api_key_that_ended_or_is_to_end_does_not_come_back(string change)
    {
        await using var ledger = await FilledAsync();
        await ledger.SqlAsync("""
            UPDATE api_keys SET revoked_at = '2026-01-02T00:00:00Z', revoked_by = 'alice', expires_at = '2026-02-01T00:00:00Z', replaced_by = id
            """);
        const string app = "SET LOCAL ROLE ledger_app; SET LOCAL ledger.tenant = 'demo'; ";
        foreach (var (login, before) in new[] { (ledger.Database.Api, app), (ledger.Database.Owner, ""),
                     (ledger.Database.Superuser, "SET LOCAL session_replication_role = replica; ") })
            Assert.Equal("LG001", (await RefusedAsync(login, before, $"UPDATE ledger.api_keys SET {change}")).SqlState);
        await LedgerUnderTest.SqlAsync(ledger.Database.Api, app
            + "UPDATE ledger.api_keys SET expires_at = expires_at - interval '1 day', revoked_at = revoked_at, last_used_at = now()");
    }

    [PostgresFact]
    public async Task Every_guard_is_there_and_always_enabled()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Equal(string.Join(',', AppendOnly.Order(StringComparer.Ordinal)), await ledger.ScalarAsync<string>("""
            SELECT string_agg(c.relname, ',' ORDER BY c.relname COLLATE "C") FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
             WHERE t.tgname = 'append_only' AND t.tgenabled = 'A' AND c.relnamespace = 'ledger'::regnamespace
            """));
    }

    [PostgresFact]
    public async Task What_the_ledger_does_every_day_is_not_refused()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entry = await ledger.Api.AppendAsync(LedgerUnderTest.Demo, "s", LedgerUnderTest.Claim("k"));
        await ledger.Api.Erasure.EraseAsync(LedgerUnderTest.Demo, entry.Id, "alice", CancellationToken.None);
        await ledger.SqlAsync(SampleRows.EveryTable("other"));
    }

    private static async Task<LedgerUnderTest> FilledAsync()
    {
        var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync(SampleRows.EveryTable("demo"));
        return ledger;
    }

    private static async Task AssertGuardedAsync(string connection, string before, string table, string operation, string sql)
    {
        var refused = await RefusedAsync(connection, before, sql);
        Assert.True(refused.SqlState == "LG001", $"{sql}: {refused.SqlState} {refused.MessageText}");
        Assert.Contains($"ledger.{table} ", refused.MessageText, StringComparison.Ordinal);
        Assert.Contains(operation, refused.MessageText, StringComparison.Ordinal);
    }

    private static async Task<PostgresException> RefusedAsync(string connection, string before, string sql)
    {
        var refused = await Record.ExceptionAsync(() => LedgerUnderTest.SqlAsync(connection, before + sql));
        if (refused is PostgresException known) return known;
        throw new Xunit.Sdk.XunitException($"not refused: {sql}: {refused?.Message}");
    }
}
