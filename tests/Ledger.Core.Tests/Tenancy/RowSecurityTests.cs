using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Tenancy;

/// <summary>What each role sees and may write of two tenants, through every table and every view.</summary>
public sealed class RowSecurityTests
{
    private const string Relations = """
        SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
         WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'v') ORDER BY 1
        """;

    [PostgresFact]
    public async Task The_API_with_a_tenant_sees_that_tenants_rows_and_no_other_through_every_table_and_view()
    {
        await using var ledger = await FilledAsync();
        foreach (var relation in await ledger.ListAsync(Relations))
        {
            Assert.True(await ledger.ScalarAsync<long>($"SELECT count(*) FROM {relation} WHERE tenant_id = 'demo'") > 0,
                $"no sample row in {relation}");
            if (!await MaySelectAsync(ledger, "ledger_app", relation))
            {
                Assert.Contains(relation, new[] { "audit_outbox", "audit_events" });
                continue;
            }
            Assert.Equal("demo", await TenantsAsync(ledger.Database.Api, "ledger_app", "demo", relation));
            Assert.Equal("other", await TenantsAsync(ledger.Database.Api, "ledger_app", "other", relation));
            Assert.Equal("", await TenantsAsync(ledger.Database.Api, "ledger_app", "third", relation));
            Assert.Equal("", await TenantsAsync(ledger.Database.Api, "ledger_app", "", relation));
            Assert.Equal("", await TenantsAsync(ledger.Database.Api, "ledger_app", null, relation));
        }
    }

    [PostgresFact]
    public async Task The_API_without_a_tenant_sees_no_row_of_any_table_or_view_there_is()
    {
        await using var ledger = await FilledAsync();
        await ledger.SqlAsync(SampleRows.OfService);
        var unreadable = new List<string>();
        foreach (var relation in await ledger.ListAsync(
                     "SELECT relname::text FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')"))
        {
            Assert.True(await ledger.ScalarAsync<long>($"SELECT count(*) FROM {relation}") > 0, $"no sample row in {relation}");
            if (!await MaySelectAsync(ledger, "ledger_app", relation))
            {
                Assert.False(await ledger.ScalarAsync<bool>($"SELECT has_any_column_privilege('ledger_app', '{relation}', 'SELECT')"));
                unreadable.Add(relation);
                continue;
            }
            Assert.Equal((relation, 0L), (relation, await SeenAsync(ledger, "", relation)));
            Assert.Equal((relation, 0L), (relation, await SeenAsync(ledger, "SET LOCAL ledger.tenant = ''", relation)));
            Assert.True(await SeenAsync(ledger, "SET LOCAL ledger.tenant = 'demo'", relation) > 0, relation);
        }
        Assert.Equal(["audit_events", "audit_outbox", "schema_migrations"], unreadable.Order(StringComparer.Ordinal));
    }

    [PostgresFact]
    public async Task What_is_the_services_own_shows_to_whoever_names_a_tenant_and_a_tenants_keys_are_its_own()
    {
        await using var ledger = await FilledAsync();
        await ledger.SqlAsync(SampleRows.OfService);
        foreach (var (login, role) in new[] { (ledger.Database.Api, "ledger_app"), (ledger.Database.Workers, "ledger_worker") })
        {
            foreach (var (tenant, seen) in new[] { ("demo", ",demo"), ("platform-audit", ""), ("", "none") })
                Assert.Equal(seen, await LedgerUnderTest.ScalarAsync<string>(login,
                    $"SET LOCAL ROLE {role}; SET LOCAL ledger.tenant = '{tenant}'; SELECT COALESCE(string_agg(tenant_id, ',' ORDER BY tenant_id), 'none') FROM signing_keys"));
        }
        foreach (var relation in new[] { "cursor_keys", "transparency_logs", "transparency_log_heads" })
            Assert.Equal((relation, 1L), (relation, await SeenAsync(ledger, "SET LOCAL ledger.tenant = 'platform-audit'", relation)));
    }

    [PostgresFact]
    public async Task What_is_the_services_own_is_still_found_by_index()
    {
        await using var ledger = await FilledAsync();
        foreach (var (query, key) in new[]
                 {
                     ("signing_keys WHERE tenant_id = '' AND key_id = 'key'", "tenant_id = ''"),
                     ("transparency_logs WHERE tl_log_id = 'a'", "tl_log_id = 'a'"),
                 })
        {
            await using var command = LedgerUnderTest.Source(ledger.Database.Api).CreateCommand(
                $"SET LOCAL ROLE ledger_app; SET LOCAL ledger.tenant = 'demo'; SET LOCAL enable_seqscan = off; EXPLAIN SELECT * FROM {query}");
            await using var reader = await command.ExecuteReaderAsync();
            var plan = new List<string>();
            while (await reader.ReadAsync()) plan.Add(reader.GetString(0));
            Assert.Contains(plan, line =>
                line.Contains("Index Cond: ", StringComparison.Ordinal) && line.Contains(key, StringComparison.Ordinal));
        }
    }

    [PostgresFact]
    public async Task The_workers_see_across_tenants_only_what_their_loops_claim_from()
    {
        await using var ledger = await FilledAsync();
        string[] across = ["anchors", "audit_outbox", "chain_heads", "checkpoints", "idempotency", "invitations", "jobs", "scrubs",
            "tenants", "tree_heads",
            "fact_chain_checkpoints"];
        foreach (var relation in await ledger.ListAsync(Relations))
        {
            var expected = across.Contains(relation) ? "demo,other" : "";
            Assert.Equal((relation, expected), (relation, await TenantsAsync(ledger.Database.Workers, "ledger_worker", "", relation)));
            expected = across.Contains(relation) ? "demo,other" : "demo";
            Assert.Equal((relation, expected), (relation, await TenantsAsync(ledger.Database.Workers, "ledger_worker", "demo", relation)));
        }
    }

    [PostgresFact]
    public async Task The_admin_reads_across_tenants_and_writes_but_audit_events_dead_letters_and_invitations()
    {
        await using var ledger = await FilledAsync();
        foreach (var relation in await ledger.ListAsync(Relations))
        {
            Assert.Equal((relation, "demo,other"), (relation, await TenantsAsync(ledger.Database.Owner, "ledger_admin", null, relation)));
            if (relation is "jobs" or "audit_outbox" or "tenants" or "people" or "invitations") continue; // AdminRightsTests
            Assert.False(
                await ledger.ScalarAsync<bool>($"SELECT has_table_privilege('ledger_admin', '{relation}', 'INSERT, UPDATE, DELETE')"),
                relation);
            Assert.False(await ledger.ScalarAsync<bool>($"SELECT has_any_column_privilege('ledger_admin', '{relation}', 'INSERT, UPDATE')"),
                relation);
        }
    }

    [PostgresFact]
    public async Task No_role_inserts_a_row_of_another_tenant()
    {
        await using var ledger = await FilledAsync();
        var tried = 0;
        foreach (var (login, role) in new[] { (ledger.Database.Api, "ledger_app"), (ledger.Database.Workers, "ledger_worker") })
        {
            foreach (var table in await ledger.ListAsync($"""
                         SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r'
                            AND c.relrowsecurity AND has_table_privilege('{role}', c.oid, 'INSERT')
                            AND NOT EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'ledger' AND p.tablename = c.relname
                                               AND p.qual = 'true' AND p.roles = ARRAY['{role}'::name])
                         """))
            {
                // The tenant's own sample row as another tenant's: nothing else is wrong with it.
                var row = await ledger.ScalarAsync<string>(
                    $"SELECT (to_jsonb(x) || '{{\"tenant_id\":\"third\"}}')::text FROM {table} x WHERE tenant_id = 'demo' LIMIT 1");
                var insert = $"""
                    SET LOCAL ROLE {role}; SET LOCAL ledger.tenant = 'demo';
                    INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, '{row}')
                    """;
                var refused = await Assert.ThrowsAsync<PostgresException>(() => LedgerUnderTest.SqlAsync(login, insert));
                Assert.Contains("row-level security", refused.MessageText, StringComparison.Ordinal);
                tried++;
            }
        }
        Assert.InRange(tried, 10, 100);
    }

    [PostgresFact]
    public async Task The_API_records_entry_keys_of_the_service_and_no_other_key()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        foreach (var (owner, purpose) in new[] { ("", "checkpoint"), ("", "anchor"), ("demo", "anchor"), ("demo", "entry") })
        {
            await AssertRefusedAsync(ledger, $"""
                INSERT INTO signing_keys (tenant_id, key_id, purpose, vault_name, vault_version, spki, created_at)
                VALUES ('{owner}', 'mine', '{purpose}', 'mine', 1, '', now())
                """);
        }
        foreach (var purpose in new[] { "checkpoint", "anchor", "payload" })
        {
            await AssertRefusedAsync(ledger,
                $"INSERT INTO key_ranges (tenant_id, epoch, purpose, key_id, from_position) VALUES ('demo', 1, '{purpose}', 'mine', 0)");
        }
        Assert.Equal(0, (await ledger.Api.AppendAsync(LedgerUnderTest.Demo)).Seq); // which records the entry key and opens its range
    }

    [PostgresFact]
    public async Task The_API_changes_and_deletes_no_row_of_another_tenant()
    {
        await using var ledger = await FilledAsync();
        foreach (var (change, rest) in new[]
                 {
                     ("UPDATE chain_heads SET next_seq = 99",
                         "SELECT count(*) FROM chain_heads WHERE next_seq = 99 AND tenant_id <> 'demo'"),
                     ("UPDATE idempotency SET expires_at = now()",
                         "SELECT count(*) FROM idempotency WHERE expires_at <> 'infinity' AND tenant_id <> 'demo'"),
                     ("UPDATE tenants SET anchor_entries = 99",
                         "SELECT count(*) FROM tenants WHERE anchor_entries = 99 AND tenant_id <> 'demo'"),
                     ("DELETE FROM entry_meta", "SELECT 1 - count(*) FROM entry_meta WHERE tenant_id <> 'demo'"),
                 })
        {
            Assert.Equal(1, await ChangedAsync(ledger.Database.Api,
                $"SET LOCAL ROLE ledger_app; SET LOCAL ledger.tenant = 'demo'; {change}"));
            Assert.Equal(0, await ledger.ScalarAsync<long>(rest));
            Assert.Equal(0, await ChangedAsync(ledger.Database.Api,
                $"SET LOCAL ROLE ledger_app; SET LOCAL ledger.tenant = 'demo'; {change} WHERE tenant_id = 'other'"));
        }
    }

    [PostgresFact]
    public async Task Neither_program_makes_tenants_halts_in_the_APIs_name_or_closes_a_keys_range()
    {
        await using var ledger = await FilledAsync();
        foreach (var (role, privilege, expected) in new[]
                 {
                     ("ledger_app", "'tenants', 'INSERT, UPDATE, DELETE'", false),
                     ("ledger_worker", "'tenants', 'DELETE'", false),
                     ("ledger_app", "'chain_heads', 'INSERT, DELETE'", false), ("ledger_worker", "'chain_heads', 'DELETE'", false),
                     ("ledger_app", "'tree_heads', 'INSERT, UPDATE, DELETE'", false), ("ledger_app", "'tiles', 'INSERT'", false),
                     ("ledger_app", "'checkpoints', 'INSERT'", false), ("ledger_app", "'anchors', 'INSERT'", false),
                     ("ledger_app", "'audit_outbox', 'SELECT, UPDATE, DELETE'", false),
                     ("ledger_app", "'key_ranges', 'UPDATE, DELETE'", false), ("ledger_worker", "'key_ranges', 'UPDATE, DELETE'", false),
                     ("ledger_worker", "'entry_meta', 'DELETE, UPDATE'", false), ("ledger_app", "'entry_meta', 'DELETE'", true),
                     ("ledger_app", "'cursor_keys', 'INSERT, UPDATE, DELETE'", false), ("ledger_worker", "'cursor_keys', 'SELECT'", false),
                 })
            Assert.True(expected == await ledger.ScalarAsync<bool>($"SELECT has_table_privilege('{role}', {privilege})"),
                $"{role} {privilege}");
        Assert.False(await ledger.ScalarAsync<bool>("SELECT has_column_privilege('ledger_app', 'chain_heads', 'halted', 'UPDATE')"));
        Assert.Equal(["anchor_entries", "anchor_policy", "anchor_seconds", "fail_mode", "max_age_seconds"], await ledger.ListAsync("""
            SELECT attname::text FROM pg_attribute WHERE attrelid = 'tenants'::regclass AND attnum > 0
               AND has_column_privilege('ledger_app', attrelid, attnum, 'UPDATE') ORDER BY 1
            """));
    }

    private static async Task AssertRefusedAsync(LedgerUnderTest ledger, string insert)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => LedgerUnderTest.SqlAsync(ledger.Database.Api,
            $"SET LOCAL ROLE ledger_app; SET LOCAL ledger.tenant = 'demo'; {insert}"));
        Assert.Contains("row-level security", refused.MessageText, StringComparison.Ordinal);
    }

    private static async Task<LedgerUnderTest> FilledAsync()
    {
        var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync(SampleRows.EveryTable("demo"));
        await ledger.SqlAsync(SampleRows.EveryTable("other"));
        return ledger;
    }

    private static Task<bool> MaySelectAsync(LedgerUnderTest ledger, string role, string relation) =>
        ledger.ScalarAsync<bool>($"SELECT has_table_privilege('{role}', '{relation}', 'SELECT')");

    /// <summary>Whose rows show: tenant ids with commas between; null sets no tenant at all.</summary>
    private static Task<string> TenantsAsync(string login, string role, string? tenant, string relation)
    {
        var scope = tenant is null ? "" : $"SET LOCAL ledger.tenant = '{tenant}'; ";
        return LedgerUnderTest.ScalarAsync<string>(login,
            $"SET LOCAL ROLE {role}; {scope}SELECT COALESCE(string_agg(DISTINCT tenant_id, ',' ORDER BY tenant_id), '') FROM {relation}");
    }

    private static Task<long> SeenAsync(LedgerUnderTest ledger, string scope, string relation) =>
        LedgerUnderTest.ScalarAsync<long>(ledger.Database.Api, $"SET LOCAL ROLE ledger_app; {scope}; SELECT count(*) FROM {relation}");

    private static async Task<int> ChangedAsync(string login, string sql)
    {
        await using var command = LedgerUnderTest.Source(login).CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }
}
