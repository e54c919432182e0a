using Ledger.Core.ApiKeys;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.ApiKeys;

/// <summary>What let a request in may be seconds old, and changed by another process since: whether there may be a key is asked again where
/// it is made.</summary>
public sealed class ApiKeyAuthorityTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string[] Scopes = ["entries:read"];
    private static readonly Changer Bob = new("bob@ledger", "bob");

    [PostgresTheory]
    [InlineData("UPDATE ledger.people SET enabled = false WHERE subject = 'bob'", "forbidden")]
    [InlineData("UPDATE ledger.people SET role = 'CLIENT_TECH' WHERE subject = 'bob'", "forbidden")]
    [InlineData("UPDATE ledger.tenants SET state = 'suspended', suspended_at = now(), suspended_reason = 'r' WHERE tenant_id = 'demo'",
        "tenant-suspended")]
    public async Task Who_was_stopped_a_moment_ago_makes_and_rotates_no_key_and_may_revoke_one(string change, string refusal)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync("""
            INSERT INTO people (tenant_id, id, subject, email, first_name, last_name, role, enabled, joined_at, created_at, changed_at)
            SELECT 'demo', gen_random_uuid(), who, who || '@example.com', 'A', 'B', 'CLIENT_ADMIN', true, now(), now(), now()
              FROM unnest(ARRAY['ada', 'bob']) who
            """);
        var store = ApiKeyStoreTests.Store(ledger);
        var key = (await store.AddAsync(Demo, "n", Scopes, null, Bob, None)).Key;

        // Another process is at it, with the tenant's row in hand as whoever changes a person has it; then the requests that come too late.
        await using var source = NpgsqlDataSource.Create(ledger.Database.Owner);
        await using var other = await source.OpenConnectionAsync();
        await using var changing = await other.BeginTransactionAsync();
        await RunAsync("SELECT FROM ledger.tenants WHERE tenant_id = 'demo' FOR NO KEY UPDATE");
        await RunAsync(change);
        Task[] acts = [store.AddAsync(Demo, "n", Scopes, null, Bob, None), store.RotateAsync(Demo, key.Id, TimeSpan.Zero, Bob, None)];
        foreach (var act in acts) await ledger.WaitForLockAsync(act);
        await changing.CommitAsync();

        foreach (var act in acts) Assert.Equal(refusal, (await LedgerUnderTest.ProblemOfAsync(() => act)).Type.Slug);
        Assert.Equal(["api-key.add"], await EventsAsync());
        Assert.True(await store.RevokeAsync(Demo, key.Id, Bob, None));
        Assert.Equal(["api-key.add", "api-key.revoke"], await EventsAsync());
        Assert.Equal(1, await ledger.ScalarAsync<long>("SELECT count(*) FROM api_keys"));

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other, changing);
            await command.ExecuteNonQueryAsync();
        }

        Task<List<string>> EventsAsync() =>
            ledger.ListAsync("SELECT convert_from(event, 'UTF8')::json ->> 'action' FROM audit_outbox ORDER BY 1");
    }

    [PostgresFact]
    public async Task Rotating_is_no_way_around_the_limit()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync("UPDATE tenants SET max_api_keys = 2");
        var store = ApiKeyStoreTests.Store(ledger);
        var (first, second) = (await AddAsync(), await AddAsync());
        var next = (await store.RotateAsync(Demo, first.Id, ApiKeyLimits.LongestOverlap, Bob, None))!.Key;
        Assert.Equal(ProblemTypes.ApiKeyInOverlap, (await LedgerUnderTest.ProblemOfAsync(() => RotateAsync(next))).Type);

        // Its successor gone, a key that goes on is one of those that count.
        await store.RevokeAsync(Demo, next.Id, Bob, None);
        Assert.Equal(ProblemTypes.TooManyApiKeys, (await LedgerUnderTest.ProblemOfAsync(AddAsync)).Type);
        await store.RevokeAsync(Demo, first.Id, Bob, None);
        await AddAsync();

        // Revoked or at its end, the predecessor stands in nobody's way.
        var third = (await RotateAsync(second))!.Key;
        await store.RevokeAsync(Demo, second.Id, Bob, None);
        var fourth = (await RotateAsync(third))!.Key;
        ledger.Time.Advance(ApiKeyLimits.LongestOverlap);
        await RotateAsync(fourth);
        await ledger.SqlAsync("UPDATE tenants SET max_api_keys = 1");
        Assert.Equal(ProblemTypes.TooManyApiKeys, (await LedgerUnderTest.ProblemOfAsync(AddAsync)).Type);

        async Task<ApiKey> AddAsync() => (await store.AddAsync(Demo, "n", Scopes, null, Bob, None)).Key;

        Task<NewApiKey?> RotateAsync(ApiKey key) => store.RotateAsync(Demo, key.Id, ApiKeyLimits.LongestOverlap, Bob, None);
    }

    [PostgresFact]
    public async Task Of_many_rotations_at_once_of_many_keys_each_key_has_one_successor()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var (store, another) = (ApiKeyStoreTests.Store(ledger), ApiKeyStoreTests.Store(ledger));
        var keys = new List<ApiKey>();
        for (var i = 0; i < 3; i++) keys.Add((await store.AddAsync(Demo, "n", Scopes, null, Bob, None)).Key);
        var acts = keys.SelectMany(key => new[] { store, another, store }.Select(s => Record.ExceptionAsync(() =>
            s.RotateAsync(Demo, key.Id, TimeSpan.FromHours(1), Bob, None))));
        Assert.Equal(3, (await Task.WhenAll(acts)).Count(refusal => refusal is null));
        Assert.Equal(6, await ledger.ScalarAsync<long>("SELECT count(*) FROM api_keys"));
    }
}
