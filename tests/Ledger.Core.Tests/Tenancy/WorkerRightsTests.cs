using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Tenancy;

/// <summary>What the workers may do to open a tenant, and what not.</summary>
public sealed class WorkerRightsTests
{
    private const string Head = "INSERT INTO chain_heads (tenant_id, epoch, origin, head_hash, opened_at) "
        + "VALUES ('{0}', {1}, 'o', decode(repeat('00', 32), 'hex'), now())";
    private const string Tree = "INSERT INTO tree_heads (tenant_id, epoch, root) VALUES ('{0}', {1}, decode(repeat('00', 32), 'hex'))";

    [PostgresFact]
    public async Task The_workers_open_a_tenant_that_was_asked_for_once()
    {
        await using var ledger = await AskedAsync();
        await RunAsync(ledger, "acme", $"{Sql(Head, "acme", 1)}; {Sql(Tree, "acme", 1)}; UPDATE tenants SET state = 'active'");
        Assert.Equal("active", await ledger.ScalarAsync<string>("SELECT state FROM tenants WHERE tenant_id = 'acme'"));
        foreach (var state in new[] { "suspended", "opening", "active" })
            Assert.Equal(0, await RunAsync(ledger, "acme", $"UPDATE tenants SET state = '{state}'")); // it is not the workers' any more
    }

    [PostgresTheory]
    [InlineData("acme", "INSERT INTO tenants (tenant_id, state, created_at) VALUES ('third', 'opening', now())")]
    [InlineData("third", "INSERT INTO tenants (tenant_id, state, created_at) VALUES ('third', 'opening', now())")]
    [InlineData("platform-audit", "INSERT INTO tenants (tenant_id, state, created_at) VALUES ('platform-audit', 'active', now())")]
    [InlineData("platform-audit",
        "INSERT INTO tenants (tenant_id, state, log_public, created_at) VALUES ('platform-audit', 'opening', true, now())")]
    [InlineData("acme", "UPDATE tenants SET state = 'suspended'")]
    [InlineData("acme", "UPDATE tenants SET log_public = true")]
    [InlineData("acme", "UPDATE tenants SET current_epoch = 2")]
    [InlineData("acme", "UPDATE tenants SET requests_per_second = 1")]
    [InlineData("acme", "DELETE FROM tenants")]
    [InlineData("acme", "DELETE FROM chain_heads")]
    public async Task Nothing_else_of_a_tenant_is_the_workers(string tenant, string statement) =>
        await AssertRefusedAsync(tenant, statement);

    [PostgresTheory]
    [InlineData("demo", "demo", 2)] // a later epoch is a person's decision
    [InlineData("acme", "acme", 2)]
    [InlineData("acme", "demo", 1)]
    [InlineData("", "acme", 1)]
    public async Task The_workers_make_the_first_epoch_of_the_named_tenant_that_was_asked_for_and_no_other(
        string named, string tenant, int epoch)
    {
        await AssertRefusedAsync(named, Sql(Head, tenant, epoch));
        await AssertRefusedAsync(named, Sql(Tree, tenant, epoch));
    }

    [PostgresTheory]
    [InlineData("UPDATE people SET email = 'x@y'")]
    [InlineData("UPDATE people SET sign_out_version = 0")]
    [InlineData("UPDATE people SET tenant_id = 'other'")]
    [InlineData("DELETE FROM people")]
    [InlineData("UPDATE invitations SET generation = 2")]
    [InlineData("UPDATE invitations SET accepted_at = now()")]
    [InlineData("UPDATE invitations SET role = 'CLIENT_ADMIN'")]
    [InlineData("INSERT INTO invitations (tenant_id, id, person_id, email, role, invited_by, created_at) "
        + "VALUES ('acme', gen_random_uuid(), gen_random_uuid(), 'a@b', 'AUDITOR', 'x', now())")]
    public async Task Of_people_the_workers_write_what_was_done_and_invite_nobody(string statement) =>
        await AssertRefusedAsync("acme", statement);

    [PostgresTheory]
    [InlineData("people", "id, tenant_id, email, first_name, last_name, role, links, created_at, changed_at")]
    [InlineData("invitations", "id, tenant_id, person_id, email, role, invited_by, created_at")]
    public async Task The_API_adds_what_an_invitation_says_and_nothing_of_what_becomes_of_it(string table, string columns)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Equal(columns.Split(", ").Order(), (await ledger.ListAsync($"""
            SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped
               AND has_column_privilege('ledger_app', attrelid, attnum, 'INSERT')
            """)).Order());
    }

    private static async Task AssertRefusedAsync(string tenant, string statement)
    {
        await using var ledger = await AskedAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(ledger, tenant, statement));
        Assert.Contains(refused.SqlState, new[] { PostgresErrorCodes.InsufficientPrivilege, "LG001" });
    }

    private static async Task<LedgerUnderTest> AskedAsync()
    {
        var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync("INSERT INTO tenants (tenant_id, state, created_at) VALUES ('acme', 'opening', now())");
        return ledger;
    }

    private static async Task<int> RunAsync(LedgerUnderTest ledger, string tenant, string statement)
    {
        await using var command = LedgerUnderTest.Source(ledger.Database.Workers).CreateCommand(
            $"SET LOCAL ROLE ledger_worker; SET LOCAL ledger.tenant = '{tenant}'; {statement}");
        return await command.ExecuteNonQueryAsync();
    }

    private static string Sql(string format, string tenant, int epoch) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, format, tenant, epoch);
}
