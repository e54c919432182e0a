using System.Diagnostics;
using System.Net;
using Ledger.Api.Tenancy;
using Ledger.Api.Tests.ApiKeys;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>How many guesses are looked at, and what that means for the neighbours of who guesses. The rate is one a second, two at
/// once.</summary>
public class TokenLimitTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const int Dozen = 12;
    private const string Address = "203.0.113.7";
    private const string Elsewhere = "198.51.100.1";

    [PostgresFact]
    public async Task Guesses_at_keys_over_the_limit_cost_no_look_up_whatever_they_ask_for()
    {
        var key = await ledger.AddKeyAsync(await ledger.AddTenantAsync());
        var before = await LookUpsAsync();
        var statuses = new List<int>();
        var begun = Stopwatch.GetTimestamp();
        await using (var api = Slow())
        {
            foreach (var path in new[] { "/entries", "/no/such/path", "/health", "/openapi/v1.json", "/admin/api/v1/tenants" })
                for (var i = 0; i < Dozen; i++)
                    statuses.Add(await AskAsync(api, Guess(key, $"{path}{i}"), Address, path));
            Assert.All(statuses[(2 * Dozen)..(3 * Dozen)], status => Assert.Equal(200, status)); // a probe, whatever it carries
            Assert.All(statuses[(4 * Dozen)..], status => Assert.Equal(403, status)); // from elsewhere, whatever it carries
        }
        var most = 2 + (int)Math.Ceiling(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        Assert.InRange(statuses.Count(status => status == 429), (3 * Dozen) - most, 3 * Dozen);
        Assert.InRange(await LookUpsAsync() - before, 1, most);
    }

    [PostgresFact]
    public async Task Who_was_let_in_before_is_let_in_beside_a_neighbour_who_guesses_and_who_is_new_soon()
    {
        await using var api = Slow();
        var tenant = await ledger.AddTenantAsync();
        var (alice, key) = (ledger.Issuer.Token(tenant, "AUDITOR"), (await ledger.AddKeyAsync(tenant)).Whole);
        foreach (var known in new[] { alice, key }) Assert.Equal(200, await AskAsync(api, known, Elsewhere));

        await ExhaustAsync(api);
        foreach (var known in new[] { alice, key, alice, key }) Assert.Equal(200, await AskAsync(api, known, Address));
        Assert.Equal(401, await AskAsync(api, null, Address)); // without a token: the other limit

        var claims = ledger.Issuer.Claims(tenant, "AUDITOR");
        claims["sub"] = "bob";
        using var bob = api.Client(ledger.Issuer.Sign(claims), Address);
        for (var tries = 0; ; tries++)
        {
            using var answer = await bob.GetAsync(new Uri("/entries", UriKind.Relative));
            if (answer.StatusCode == HttpStatusCode.OK) break;
            await answer.IsProblemAsync(ProblemTypes.RateLimited);
            Assert.InRange(tries, 0, 5);
            await Task.Delay(answer.Headers.RetryAfter!.Delta!.Value);
        }
        Assert.Equal(200, await AskAsync(api, ledger.Issuer.Token(tenant, "CLIENT_TECH"), "198.51.100.2"));
    }

    [PostgresFact]
    public async Task A_key_that_was_revoked_is_a_guess_like_any_other()
    {
        await using var api = Slow();
        var tenant = await ledger.AddTenantAsync();
        var key = await ledger.AddKeyAsync(tenant);
        Assert.Equal(200, await AskAsync(api, key.Whole, Address));
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        (await admin.DeleteAsync(new Uri($"{TestKeys.Path}/{key.Id}", UriKind.Relative))).Dispose();

        await ExhaustAsync(api);
        Assert.Equal(401, await AskAsync(api, key.Whole, Address)); // it was known: looked up once more, and no more
        var statuses = new List<int>();
        for (var i = 0; i < Dozen; i++) statuses.Add(await AskAsync(api, key.Whole, Address));
        Assert.Contains(429, statuses);
        Assert.All(statuses, status => Assert.Contains(status, new[] { 401, 429 }));
    }

    [PostgresFact]
    public async Task What_the_admin_network_refuses_counts_against_the_address_with_a_token_or_without()
    {
        var good = ledger.Issuer.Token(null, "PLATFORM_ADMIN");
        foreach (var token in new[] { null, "rubbish", good })
        {
            await using var api = Slow("RateLimits:PublicRequestsPerSecond");
            var statuses = new List<int>();
            for (var i = 0; i < Dozen; i++) statuses.Add(await AskAsync(api, token, Address, "/admin/api/v1/tenants"));
            Assert.Equal([403, 429], statuses.Distinct().Order());
            Assert.Equal(200, await AskAsync(api, good, null, "/admin/api/v1/tenants"));
        }
    }

    [Fact]
    public void What_was_accepted_is_remembered_in_bounded_memory_the_longest_unseen_is_forgotten_first()
    {
        var tokens = new AcceptedTokens(most: 10);
        var names = Enumerable.Range(0, 100).Select(i => tokens.NameOf($"Bearer {i}")).ToList();
        Assert.Equal(100, names.Distinct().Count());
        Assert.NotEqual(names[0], new AcceptedTokens().NameOf("Bearer 0")); // each process its own
        foreach (var name in names)
        {
            tokens.Add(names[0]);
            tokens.Add(name);
            Assert.True(tokens.Contains(name));
        }
        Assert.True(tokens.Contains(names[0])); // it was seen all the time
        Assert.InRange(names.Count(tokens.Contains), 10, 20);
        tokens.Remove(names[0]);
        Assert.False(tokens.Contains(names[0]));
    }

    private ApiProcess Slow(string limit = "RateLimits:NewTokensPerSecond") =>
        new(new Dictionary<string, string>(ledger.Settings) { [limit] = "1" });

    /// <summary>The right tenant and prefix, another secret.</summary>
    private static string Guess(TestKey key, string seed) =>
        key.Whole[..^52] + string.Concat(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(seed)).SelectMany(
            b => new[] { (char)('a' + (b & 15)), (char)('a' + (b >> 4)) })).PadRight(52, 'a')[..51] + "a";

    private static async Task ExhaustAsync(ApiProcess api)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await AskAsync(api, $"rubbish-{i}", Address) == 429) return;
        }
        Assert.Fail("Nothing was too much.");
    }

    private static async Task<int> AskAsync(ApiProcess api, string? token, string? from, string path = "/entries")
    {
        using var client = api.Client(token, from);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return (int)answer.StatusCode;
    }

    /// <summary>Look-ups in the table of keys, once the sessions have told.</summary>
    private async Task<long> LookUpsAsync()
    {
        var (last, same) = (-1L, 0);
        while (same < 5)
        {
            await using var command = ledger.Superuser.CreateCommand("""
                SELECT seq_scan + COALESCE(idx_scan, 0) FROM pg_stat_user_tables WHERE schemaname = 'ledger' AND relname = 'api_keys'
                """);
            var now = (long)(await command.ExecuteScalarAsync())!;
            (last, same) = (now, now == last ? same + 1 : 0);
            await Task.Delay(300);
        }
        return last;
    }
}
