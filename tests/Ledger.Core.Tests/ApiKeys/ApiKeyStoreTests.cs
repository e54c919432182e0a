using Ledger.Core.ApiKeys;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.ApiKeys;

public sealed class ApiKeyStoreTests
{
    private static readonly string[] Scopes = ["entries:read"];
    private static readonly Changer Alice = new("alice", "a1");

    [PostgresFact]
    public async Task A_look_up_is_one_row_of_one_index_and_a_stranger_costs_the_same()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync("""
            INSERT INTO api_keys (tenant_id, id, prefix, name, scopes, hash, created_by, created_at)
            SELECT tenant, gen_random_uuid(), translate(lpad(to_hex(i), 12, 'x'), '0189', 'ghij'), 'n', ARRAY['entries:read'],
                   sha256(i::text::bytea), 'a', now() FROM generate_series(1, 5000) i, unnest(ARRAY['demo', 'other']) tenant;
            ANALYZE api_keys;
            """);
        foreach (var tenant in new[] { "demo", "nobody" })
        {
            var plan = string.Join('\n', await ledger.TableAsync($"""
                EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF)
                SELECT hash FROM api_keys k WHERE k.tenant_id = '{tenant}' AND k.prefix = 'aaaaaaaaaaaa'
                """));
            Assert.Contains("Index Scan using api_keys_tenant_id_prefix_key", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Removed", plan, StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task A_key_whose_hash_is_nothing_opens_nothing()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var reader = new ApiKeyReader(ledger.Api.Database);
        var stranger = ApiKeyText.New(LedgerUnderTest.Demo, out _);
        Assert.Null(await reader.FindAsync(stranger, CancellationToken.None));
        await ledger.SqlAsync($"""
            INSERT INTO api_keys (tenant_id, id, prefix, name, scopes, hash, created_by, created_at)
            VALUES ('demo', gen_random_uuid(), '{stranger.Prefix}', 'n', ARRAY['entries:read'], decode(repeat('00', 32), 'hex'), 'a', now())
            """);
        Assert.Null(await reader.FindAsync(stranger, CancellationToken.None));
    }

    [PostgresFact]
    public async Task What_was_rolled_back_left_neither_a_key_nor_an_event()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.SqlAsync("""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
            CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON audit_outbox DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION refuse();
            """);
        var store = Store(ledger);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            store.AddAsync(LedgerUnderTest.Demo, "n", Scopes, null, Alice, CancellationToken.None));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT (SELECT count(*) FROM api_keys) + (SELECT count(*) FROM audit_outbox)"));
        await ledger.SqlAsync("DROP TRIGGER at_commit ON audit_outbox");

        var key = (await store.AddAsync(LedgerUnderTest.Demo, "n", Scopes, null, Alice, CancellationToken.None)).Key;
        Assert.True(await store.RevokeAsync(LedgerUnderTest.Demo, key.Id, new Changer("bob", null), CancellationToken.None));
        Assert.True(await store.RevokeAsync(LedgerUnderTest.Demo, key.Id, new Changer("carol", null), CancellationToken.None));
        Assert.Equal(["alice api-key.add", "bob api-key.revoke"], await ledger.ListAsync("""
            SELECT (event ->> 'actor') || ' ' || (event ->> 'action')
              FROM (SELECT convert_from(event, 'UTF8')::json AS event FROM audit_outbox) e ORDER BY 1
            """));
    }

    [PostgresTheory]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("2036-02-01T00:00:00Z")]
    public async Task The_successor_of_a_key_that_was_made_to_live_longer_than_keys_may_lives_as_long_as_they_may(string end)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var store = Store(ledger);
        var old = (await store.AddAsync(LedgerUnderTest.Demo, "n", Scopes, null, Alice, CancellationToken.None)).Key;
        await ledger.SqlAsync($"UPDATE api_keys SET expires_at = '{end}'");
        var made = await store.RotateAsync(LedgerUnderTest.Demo, old.Id, TimeSpan.Zero, Alice, CancellationToken.None);
        Assert.Equal(ledger.Time.GetUtcNow() + ApiKeyLimits.LongestLife, made!.Key.ExpiresAt);
    }

    internal static ApiKeyStore Store(LedgerUnderTest ledger) =>
        new(ledger.Api.Database, new AuditOutbox(ledger.Time, new IdSource()), ledger.Time, new IdSource());
}
