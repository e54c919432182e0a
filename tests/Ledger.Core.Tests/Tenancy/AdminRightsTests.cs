using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Tenancy;

/// <summary>The little that the role of operators may write.</summary>
public sealed class AdminRightsTests
{
    private const string Replay = "UPDATE jobs SET status = 'pending', attempt_count = 0, finished_at = NULL";
    private const string Asked = "INSERT INTO tenants (tenant_id, state, created_at) VALUES ('t', 'opening', now()); ";
    private const string Add = "INSERT INTO people (tenant_id, id, email, first_name, last_name, role, created_at, changed_at) ";
    private const string Discard = "UPDATE jobs SET status = 'discarded'";

    [PostgresTheory]
    [InlineData("dead_letter", 1)]
    [InlineData("pending", 0)]
    [InlineData("running", 0)]
    [InlineData("done", 0)]
    [InlineData("discarded", 0)]
    public async Task A_dead_letter_of_the_named_tenant_goes_back_to_the_queue_and_no_other_job_does(string status, int changed)
    {
        await using var ledger = await FilledAsync(status);
        Assert.Equal(changed, await ChangedAsync(ledger, "demo", Replay));
        Assert.Equal(changed, await ledger.ScalarAsync<long>("SELECT count(*) FROM jobs WHERE attempt_count = 0"));
    }

    [PostgresFact]
    public async Task A_dead_letter_is_given_up_in_the_name_of_its_tenant_alone()
    {
        await using var ledger = await FilledAsync("dead_letter");
        Assert.Equal(0, await ChangedAsync(ledger, "", Discard));
        Assert.Equal(0, await ChangedAsync(ledger, "demo", Discard + " WHERE tenant_id = 'other'"));
        Assert.Equal(1, await ChangedAsync(ledger, "demo", Discard));
        Assert.Equal("other", await ledger.ScalarAsync<string>("SELECT tenant_id FROM jobs WHERE status = 'dead_letter'"));
    }

    [PostgresTheory]
    [InlineData("UPDATE jobs SET status = 'done'")]
    [InlineData("UPDATE jobs SET status = 'running', finished_at = NULL")]
    [InlineData("UPDATE jobs SET frozen_signature = NULL")]
    [InlineData("UPDATE jobs SET args = '{}'")]
    [InlineData("UPDATE jobs SET position = 2")]
    [InlineData("UPDATE jobs SET tenant_id = 'other'")]
    [InlineData("DELETE FROM jobs")]
    [InlineData("DELETE FROM audit_outbox")]
    [InlineData("UPDATE audit_outbox SET event = ''")]
    [InlineData("INSERT INTO audit_outbox VALUES ('other', gen_random_uuid(), '', now())")]
    public async Task Nothing_else_of_a_job_or_an_audit_event_is_the_operators(string statement)
    {
        await using var ledger = await FilledAsync("dead_letter");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ChangedAsync(ledger, "demo", statement));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [PostgresTheory]
    [InlineData("INSERT INTO jobs (tenant_id, id, queue, created_at) VALUES ('demo', gen_random_uuid(), 'entries.to_anchor', now())")]
    [InlineData("INSERT INTO jobs (tenant_id, id, queue, created_at) VALUES ('other', gen_random_uuid(), 'people.to_apply', now())")]
    [InlineData("UPDATE people SET enabled = true")]
    [InlineData("UPDATE people SET subject = 'x'")]
    [InlineData("UPDATE invitations SET token_hash = NULL")]
    [InlineData("UPDATE invitations SET state = 'sent'")]
    [InlineData("SELECT token_hash FROM invitations")]
    [InlineData("UPDATE people SET role = 'AUDITOR'")]
    [InlineData(Add + "VALUES ('demo', gen_random_uuid(), 'a@b', 'A', 'B', 'AUDITOR', now(), now())")]
    [InlineData("INSERT INTO people (tenant_id, id, email, first_name, last_name, role, created_at, changed_at, enabled) "
        + "VALUES ('demo', gen_random_uuid(), 'a@b', 'A', 'B', 'CLIENT_ADMIN', now(), now(), true)")]
    [InlineData("INSERT INTO people (tenant_id, id, email, first_name, last_name, role, created_at, changed_at, joined_at) "
        + "VALUES ('demo', gen_random_uuid(), 'a@b', 'A', 'B', 'CLIENT_ADMIN', now(), now(), now())")]
    [InlineData("INSERT INTO invitations (tenant_id, id, person_id, email, role, invited_by, created_at) "
        + "SELECT tenant_id, gen_random_uuid(), id, email, 'AUDITOR', 'x', now() FROM people")]
    [InlineData("INSERT INTO invitations (tenant_id, id, person_id, email, role, invited_by, created_at, token_hash) "
        + "SELECT tenant_id, gen_random_uuid(), id, email, 'CLIENT_ADMIN', 'x', now(), NULL FROM people")]
    [InlineData("INSERT INTO people (tenant_id, id, email, first_name, last_name, role, created_at, changed_at) "
        + "VALUES ('other', gen_random_uuid(), 'a@b', 'A', 'B', 'AUDITOR', now(), now())")]
    public async Task Of_people_operators_write_invitations_alone_and_only_in_the_tenants_name(string statement)
    {
        await using var ledger = await FilledAsync("dead_letter");
        await ledger.SqlAsync(Add + "VALUES ('demo', gen_random_uuid(), 'c@d', 'C', 'D', 'CLIENT_ADMIN', now(), now()); "
            + "INSERT INTO invitations (tenant_id, id, person_id, email, role, invited_by, created_at) "
            + "SELECT tenant_id, gen_random_uuid(), id, email, role, 'x', now() FROM people");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ChangedAsync(ledger, "demo", statement));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [PostgresTheory]
    [InlineData("platform-audit")]
    [InlineData("receipts-x")]
    public async Task Nobody_is_invited_into_a_tenant_of_the_services_own(string tenant)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ChangedAsync(ledger, tenant,
            $"{Add}VALUES ('{tenant}', gen_random_uuid(), 'a@b', 'A', 'B', 'CLIENT_ADMIN', now(), now())"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [PostgresFact]
    public async Task An_operator_invites_an_administrator_again_and_leaves_alone_who_joined()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Equal(1, await ChangedAsync(ledger, "demo", Add
            + "VALUES ('demo', gen_random_uuid(), 'a@b', 'A', 'B', 'CLIENT_ADMIN', now(), now())"));
        Assert.Equal(1, await ChangedAsync(ledger, "demo", "UPDATE people SET first_name = 'Z'"));
        await ledger.SqlAsync("UPDATE people SET joined_at = now(), enabled = true");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() =>
            ChangedAsync(ledger, "demo", "UPDATE people SET first_name = 'Y'"))).SqlState);
    }

    [PostgresFact]
    public async Task An_operator_writes_audit_events_in_the_name_of_the_tenant_concerned()
    {
        await using var ledger = await FilledAsync("dead_letter");
        Assert.Equal(1, await ChangedAsync(ledger, "demo", "INSERT INTO audit_outbox VALUES ('demo', gen_random_uuid(), '', now())"));
    }

    [PostgresFact]
    public async Task The_API_as_a_tenant_only_brings_jobs_of_its_people_forward()
    {
        await using var ledger = await FilledAsync("pending");
        Assert.Equal("next_retry_at", await ledger.ScalarAsync<string>("""
            SELECT string_agg(column_name::text, ',') FROM information_schema.column_privileges
             WHERE table_schema = 'ledger' AND table_name = 'jobs' AND grantee = 'ledger_app' AND privilege_type = 'UPDATE'
            """));
        Assert.False(await ledger.ScalarAsync<bool>("SELECT has_table_privilege('ledger_app', 'jobs', 'DELETE')"));
        await ledger.SqlAsync("INSERT INTO jobs (tenant_id, id, queue, created_at) SELECT t, gen_random_uuid(), q, now() "
            + "FROM unnest(ARRAY['demo', 'other']) t, unnest(ARRAY['people.to_apply', 'notifications.to_send']) q");
        Assert.Equal(2, await ChangedAsync(ledger, "demo", "UPDATE jobs SET next_retry_at = now()", "ledger_app"));
    }

    [PostgresTheory]
    [InlineData("INSERT INTO chain_entries SELECT * FROM chain_entries")]
    [InlineData("UPDATE chain_heads SET next_seq = 0")]
    [InlineData("SELECT 1 FROM chain_heads FOR UPDATE")]
    [InlineData("DELETE FROM tenants")]
    [InlineData("UPDATE tenants SET log_public = true")]
    [InlineData("UPDATE tenants SET current_epoch = 2")]
    [InlineData("UPDATE tenants SET anchor_policy = 'off'")]
    [InlineData("UPDATE tenants SET name = 'mine'")]
    [InlineData("UPDATE tenants SET request_hash = NULL")]
    [InlineData("INSERT INTO tenants (tenant_id, state, created_at, current_epoch) VALUES ('demo', 'opening', now(), 2)")]
    [InlineData("INSERT INTO tenants (tenant_id, state, created_at) VALUES ('third', 'opening', now())")]
    [InlineData("INSERT INTO tenants (tenant_id, state, created_at) VALUES ('demo', 'active', now())")]
    [InlineData("INSERT INTO jobs (tenant_id, id, queue, created_at) VALUES ('demo', gen_random_uuid(), 'entries.to_anchor', now())")]
    [InlineData("INSERT INTO jobs (tenant_id, id, queue, created_at) VALUES ('other', gen_random_uuid(), 'tenants.to_open', now())")]
    [InlineData("INSERT INTO jobs (tenant_id, id, queue, created_at, finished_at, status) "
        + "VALUES ('demo', gen_random_uuid(), 'tenants.to_open', now(), now(), 'done')")]
    public async Task Nothing_else_of_a_tenant_or_its_log_is_the_operators(string statement)
    {
        await using var ledger = await FilledAsync("dead_letter");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ChangedAsync(ledger, "demo", statement));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [PostgresTheory]
    [InlineData("platform-x")]
    [InlineData("receipts-x")]
    public async Task Operators_ask_for_no_tenant_of_the_services_own(string tenant)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ChangedAsync(ledger, tenant,
            $"INSERT INTO tenants (tenant_id, state, created_at) VALUES ('{tenant}', 'opening', now())"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [PostgresFact]
    public async Task Operators_change_the_state_and_the_limits_of_the_named_tenant_alone_and_never_the_audit_trails()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.OpenLogAsync(Core.Tenancy.TenantId.PlatformAudit);
        const string limit = "UPDATE tenants SET requests_per_second = 1";
        Assert.Equal((0, 0, 0, 1), (await ChangedAsync(ledger, "", limit), await ChangedAsync(ledger, "platform-audit", limit),
            await ChangedAsync(ledger, "demo", limit + " WHERE tenant_id = 'other'"), await ChangedAsync(ledger, "demo", limit)));
    }

    [PostgresTheory]
    [InlineData("UPDATE tenants SET state = 'opening' WHERE tenant_id = 'demo'")]
    [InlineData(Asked + "UPDATE tenants SET state = 'active' WHERE tenant_id = 't'")]
    [InlineData(Asked + "UPDATE tenants SET state = 'suspended' WHERE tenant_id = 't'")]
    public async Task No_role_walks_a_way_that_is_not_in_the_life_of_a_tenant(string statement)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Equal("LG001", (await Assert.ThrowsAsync<PostgresException>(() => ledger.SqlAsync(statement))).SqlState);
    }

    private static async Task<LedgerUnderTest> FilledAsync(string status)
    {
        var ledger = await LedgerUnderTest.StartAsync();
        foreach (var tenant in new[] { "demo", "other" }) await ledger.SqlAsync(SampleRows.AnchorJob(tenant, 1, status));
        return ledger;
    }

    private static async Task<int> ChangedAsync(LedgerUnderTest ledger, string tenant, string statement, string role = "ledger_admin")
    {
        await using var command = LedgerUnderTest.Source(ledger.Database.Api).CreateCommand(
            $"SET LOCAL ROLE {role}; SET LOCAL ledger.tenant = '{tenant}'; {statement}");
        return await command.ExecuteNonQueryAsync();
    }
}
