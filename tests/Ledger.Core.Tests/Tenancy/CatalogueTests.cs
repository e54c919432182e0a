using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Tenancy;

/// <summary>Rules that hold for every table there is, also for those that a later migration adds.</summary>
public sealed class CatalogueTests
{
    private const string NamesATenant = "(COALESCE(current_setting(''ledger.tenant''::text, true), ''''::text) <> ''''::text)";

    private static readonly string[] Unprotected = ReadUnprotected();

    // What is the service's own: no tenant's rows, and the API's to read while it serves one.
    private static readonly string[] OfService = ["cursor_keys", "transparency_logs", "transparency_log_heads"];

    [PostgresFact]
    public async Task Every_table_has_row_security_but_those_of_the_list()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var without = await ledger.ListAsync("""
            SELECT relname::text FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p') AND NOT relrowsecurity
            """);
        Assert.Equal(Unprotected.Order(StringComparer.Ordinal), without.Order(StringComparer.Ordinal));
        Assert.Equal(["schema_migrations"], Unprotected); // which the API's role may not read
    }

    [PostgresFact]
    public async Task Every_table_with_row_security_has_tenants_and_a_policy_of_its_own_tenant()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Empty(await ledger.ListAsync($"""
            SELECT c.relname::text FROM pg_class c
             WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity
               AND NOT c.relname = ANY ('{List(OfService)}'::text[])
               AND NOT (EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull)
                        AND EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'ledger' AND p.tablename = c.relname AND 'ledger_app' = ANY (p.roles)))
            """));
    }

    [PostgresFact]
    public async Task Every_policy_of_the_API_compares_the_tenant_for_reading_and_writing()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Empty(await ledger.ListAsync($"""
            SELECT tablename || '.' || policyname FROM pg_policies
             WHERE schemaname = 'ledger' AND ('ledger_app' = ANY (roles) OR 'public' = ANY (roles))
               AND permissive = 'PERMISSIVE' -- a restrictive one only takes away
               AND NOT (cmd = 'ALL' AND with_check = qual
                        AND (qual = '(tenant_id = current_setting(''ledger.tenant''::text, true))'
                             OR (tablename = 'signing_keys' AND qual = '({NamesATenant} AND ((tenant_id = ''''::text) OR (tenant_id = current_setting(''ledger.tenant''::text, true))))'))
                     OR cmd = 'SELECT' AND tablename = ANY ('{List(OfService)}'::text[]) AND qual = '{NamesATenant}')
            """));
    }

    [PostgresFact]
    public async Task Policies_across_tenants_are_the_workers_on_their_tables_and_the_admins_for_reading()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Equal("anchors,audit_outbox,chain_heads,checkpoints,idempotency,invitations,jobs,scrubs,tenants,transparency_log_heads,transparency_logs,tree_heads", await ledger.ScalarAsync<string>("""
            SELECT string_agg(tablename::text, ',' ORDER BY tablename) FROM pg_policies WHERE schemaname = 'ledger' AND qual = 'true' AND roles = '{ledger_worker}'
            """));
        Assert.Empty(await ledger.ListAsync("""
            SELECT tablename || '.' || policyname FROM pg_policies
             WHERE schemaname = 'ledger' AND permissive = 'PERMISSIVE' AND qual = 'true'
               AND roles <> '{ledger_worker}' AND NOT (roles = '{ledger_admin}' AND cmd = 'SELECT')
            """));
    }

    [PostgresFact]
    public async Task Every_view_runs_with_the_rights_of_who_asks()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Empty(await ledger.ListAsync("""
            SELECT relname::text FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('v', 'm')
               AND NOT (relkind = 'v' AND 'security_invoker=true' = ANY (reloptions))
            """));
    }

    [PostgresFact]
    public async Task Every_key_unique_index_and_foreign_key_of_a_tenants_table_begins_with_the_tenant()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Empty(await ledger.ListAsync($"""
            SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
             WHERE c.relnamespace = 'ledger'::regnamespace AND i.indisunique AND NOT c.relname = ANY ('{List([.. Unprotected, .. OfService])}'::text[])
               AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = i.indkey[0]) IS DISTINCT FROM 'tenant_id'
            """));
        Assert.Empty(await ledger.ListAsync("""
            SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k
             WHERE k.connamespace = 'ledger'::regnamespace AND k.contype = 'f'
               AND NOT ((SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1]) = 'tenant_id'
                        AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attnum = k.confkey[1]) = 'tenant_id')
            """));
        Assert.Empty(await ledger.ListAsync($"""
            SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r'
               AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')
            """));
        // no global sequence
        Assert.Empty(
            await ledger.ListAsync("SELECT relname::text FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'S'"));
    }

    [PostgresFact]
    public async Task Nothing_is_granted_to_everybody()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Empty(await ledger.ListAsync("""
            SELECT c.relname::text FROM pg_class c, aclexplode(c.relacl) g WHERE c.relnamespace = 'ledger'::regnamespace AND g.grantee = 0
            """));
        Assert.False(await ledger.ScalarAsync<bool>("SELECT has_table_privilege('ledger_app', 'schema_migrations', 'SELECT')"));
        foreach (var role in new[] { "ledger_app", "ledger_worker", "ledger_admin" })
        {
            Assert.Empty(await ledger.ListAsync($"""
                SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r'
                   AND has_table_privilege('{role}', c.oid, 'TRUNCATE, REFERENCES, TRIGGER')
                """));
            Assert.False(await ledger.ScalarAsync<bool>($"SELECT has_schema_privilege('{role}', 'ledger', 'CREATE')"));
            Assert.False(await ledger.ScalarAsync<bool>($"SELECT has_table_privilege('{role}', 'schema_migrations', 'INSERT, UPDATE, DELETE')"));
        }
    }

    private static string List(IEnumerable<string> tables) => "{" + string.Join(',', tables) + "}";

    private static string[] ReadUnprotected()
    {
        using var stream = typeof(Migrator).Assembly.GetManifestResourceStream("TablesWithoutRowSecurity.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ')[0])];
    }
}
