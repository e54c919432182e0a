using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Tenancy;

/// <summary>What every request asks first is asked of the database at most every two seconds.</summary>
public sealed class TenantStandingsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresFact]
    public async Task A_standing_is_kept_for_two_seconds_and_no_longer_and_not_at_all_once_forgotten()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var standings = new TenantStandings(ledger.Api.Database, ledger.Time);
        Assert.Equal((TenantState.Active, (int?)null), await ShortAsync(standings));
        await ledger.SqlAsync("UPDATE tenants SET state = 'suspended', requests_per_second = 9 WHERE tenant_id = 'demo'");
        ledger.Time.Advance(TenantStandings.Kept);
        Assert.Equal((TenantState.Active, null), await ShortAsync(standings));
        ledger.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((TenantState.Suspended, 9), await ShortAsync(standings));
        await ledger.SqlAsync("UPDATE tenants SET state = 'active' WHERE tenant_id = 'demo'");
        standings.Forget(LedgerUnderTest.Demo);
        Assert.Equal((TenantState.Active, 9), await ShortAsync(standings));
    }

    [PostgresFact]
    public async Task A_tenant_that_is_not_there_has_no_standing_until_it_is()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var standings = new TenantStandings(ledger.Api.Database, ledger.Time);
        Assert.Null(await standings.FindAsync(TenantId.Parse("third"), None));
        await ledger.SqlAsync("INSERT INTO tenants (tenant_id, state, created_at) VALUES ('third', 'opening', now())");
        Assert.Null(await standings.FindAsync(TenantId.Parse("third"), None));
        standings.Forget(TenantId.Parse("third"));
        Assert.Equal(TenantState.Opening, (await standings.FindAsync(TenantId.Parse("third"), None))!.State);
    }

    [PostgresFact]
    public async Task Whoever_is_disabled_and_known_to_Keycloak_is_among_the_disabled_of_their_tenant_alone()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        foreach (var (tenant, subject, enabled, joined) in new[]
                 {
                     ("demo", "'out'", false, "now()"), ("demo", "'in'", true, "now()"), ("demo", "NULL", false, "now()"),
                     ("demo", "'invited'", false, "NULL"), ("other", "'elsewhere'", false, "now()"),
                 })
            await ledger.SqlAsync($"""
                INSERT INTO people (tenant_id, id, subject, email, first_name, last_name, role, enabled, joined_at, created_at, changed_at)
                SELECT '{tenant}', i, {subject}, i || '@example.com', 'A', 'B', 'AUDITOR', {enabled}, {joined}::timestamptz, now(), now()
                  FROM gen_random_uuid() i
                """);
        var standing = await new TenantStandings(ledger.Api.Database, ledger.Time).FindAsync(LedgerUnderTest.Demo, None);
        Assert.Equal(["out"], standing!.DisabledSubjects);
    }

    [PostgresFact]
    public async Task A_thousand_people_who_were_invited_since_do_not_bring_a_disabled_one_back()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync("""
            INSERT INTO people (tenant_id, id, subject, email, first_name, last_name, role, joined_at, created_at, changed_at)
            SELECT 'demo', id, id::text, id || '@example.com', 'A', 'B', 'AUDITOR', NULL, now(), now() + interval '1 minute'
              FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 1001)) invited
            UNION ALL
            SELECT 'demo', gen_random_uuid(), 'out', 'out@example.com', 'A', 'B', 'AUDITOR', now(), now(), now()
            """);
        var standing = await new TenantStandings(ledger.Api.Database, ledger.Time).FindAsync(LedgerUnderTest.Demo, None);
        Assert.Equal(["out"], standing!.DisabledSubjects);
    }

    [PostgresFact]
    public async Task A_question_that_failed_is_asked_again()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var api = ledger.Behind(out var way);
        await using (way)
        await using (api)
        {
            var standings = new TenantStandings(api.Database, ledger.Time);
            await ledger.SqlAsync("ALTER TABLE tenants RENAME TO away");
            await Assert.ThrowsAnyAsync<Exception>(() => standings.FindAsync(LedgerUnderTest.Demo, None).AsTask());
            await ledger.SqlAsync("ALTER TABLE away RENAME TO tenants");
            Assert.Equal(TenantState.Active, (await standings.FindAsync(LedgerUnderTest.Demo, None))!.State);
        }
    }

    [PostgresFact]
    public async Task Many_who_ask_at_once_are_one_question_and_one_who_goes_away_does_not_end_it()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var standings = new TenantStandings(ledger.Api.Database, ledger.Time);
        using var gone = new CancellationTokenSource();
        var first = standings.FindAsync(LedgerUnderTest.Demo, gone.Token).AsTask();
        var others = Enumerable.Range(0, 50).Select(_ => standings.FindAsync(LedgerUnderTest.Demo, None).AsTask()).ToList();
        await gone.CancelAsync();
        var answers = await Task.WhenAll(others);
        Assert.Single(answers.Distinct(ReferenceEqualityComparer.Instance));
        try { await first; } catch (OperationCanceledException) { }
    }

    private static async Task<(TenantState, int?)> ShortAsync(TenantStandings standings)
    {
        var standing = await standings.FindAsync(LedgerUnderTest.Demo, None);
        return (standing!.State, standing.RequestsPerSecond);
    }
}
