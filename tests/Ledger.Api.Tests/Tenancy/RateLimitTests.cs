using System.Net;
using Ledger.Api.Tenancy;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>How often. The rates are one a second: of a dozen requests at once some are too many, however slow the machine.</summary>
public class RateLimitTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const int Dozen = 12;
    private const string Address = "203.0.113.7";

    [PostgresFact]
    public async Task A_principal_has_its_own_limit_wherever_it_calls_from()
    {
        await using var api = Slow("RateLimits:RequestsPerSecond");
        var tenant = await ledger.AddTenantAsync();
        var alice = Token(tenant, "alice");
        await AssertSomeRefusedAsync(api, i => (alice, $"198.51.100.{i}", null));
        await AssertAllAnsweredAsync(api, HttpStatusCode.OK, i => (Token(tenant, $"user-{i}"), Address, null));
    }

    [PostgresFact]
    public async Task Who_has_no_valid_token_counts_by_address_and_who_has_one_does_not()
    {
        await using var api = Slow("RateLimits:PublicRequestsPerSecond");
        await AssertSomeRefusedAsync(api, _ => (null, Address, null));
        await AssertSomeRefusedAsync(api, _ => ("rubbish", "198.51.100.1", null));
        await AssertAllAnsweredAsync(api, HttpStatusCode.Unauthorized, i => (null, $"192.0.2.{i}", null));
        var alice = Token(await ledger.AddTenantAsync(), "alice");
        await AssertAllAnsweredAsync(api, HttpStatusCode.OK, _ => (alice, Address, null));
    }

    [PostgresFact]
    public async Task A_forwarded_address_buys_nothing_and_neither_does_another_one_of_the_same_subnet()
    {
        await using var api = Slow("RateLimits:PublicRequestsPerSecond");
        await AssertSomeRefusedAsync(api, i => (null, Address, $"192.0.2.{i}"));
        await AssertSomeRefusedAsync(api, i => (null, $"2001:db8:1:2:{i}::1", null));
        await AssertAllAnsweredAsync(api, HttpStatusCode.Unauthorized, i => (null, $"2001:db8:2:{i}::1", null));
    }

    [PostgresFact]
    public async Task A_tenants_limit_is_for_all_its_callers_together()
    {
        var (small, large) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        await using (var command = ledger.Owner.CreateCommand("UPDATE ledger.tenants SET requests_per_second = 1 WHERE tenant_id = $1"))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = small });
            await command.ExecuteNonQueryAsync();
        }
        await AssertSomeRefusedAsync(ledger.Api, i => (Token(small, $"user-{i}"), Address, null));
        await AssertAllAnsweredAsync(ledger.Api, HttpStatusCode.OK, i => (Token(large, $"user-{i}"), Address, null));
    }

    [PostgresFact]
    public async Task Probes_are_never_refused()
    {
        await using var api = Slow("RateLimits:PublicRequestsPerSecond");
        foreach (var path in new[] { "/health", "/alive" })
            await AssertAllAnsweredAsync(api, HttpStatusCode.OK, _ => (null, Address, null), path);
        await AssertSomeRefusedAsync(api, _ => (null, Address, null), "/openapi/v1.json");
    }

    [PostgresFact]
    public async Task Codes_of_invitations_are_not_to_be_guessed()
    {
        await using var api = new ApiProcess(new Dictionary<string, string>(ledger.Settings) { ["RateLimits:AcceptancesPerMinute"] = "1" });
        using var client = api.Client(Token(await ledger.AddTenantAsync(), "alice"), Address);
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 3; i++)
            answers.Add(await client.PostAsync(new Uri("/api/v1/invitations/accept", UriKind.Relative), Answers.Json("{}")));
        Assert.Equal([400, 429, 429], answers.Select(answer => (int)answer.StatusCode));
        Assert.InRange(answers[1].Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public void Invitations_are_accepted_ten_at_once_and_then_one_in_six_seconds()
    {
        using var limits = new RateLimits(Options.Create(new RateLimitOptions()));
        var (here, there) = (IPAddress.Parse(Address), IPAddress.Parse("198.51.100.1"));
        for (var i = 0; i < 10; i++) Assert.Null(limits.TakeForAcceptance(here));
        Assert.InRange(limits.TakeForAcceptance(here)!.Value.TotalSeconds, 1, 6);
        if (RateLimits.Bucket(here) != RateLimits.Bucket(there)) Assert.Null(limits.TakeForAcceptance(there));
    }

    [Fact]
    public void A_flood_of_addresses_fills_no_more_than_the_buckets_there_are()
    {
        var buckets = new HashSet<int>();
        for (var i = 0; i < 300_000; i++) buckets.Add(RateLimits.Bucket(new IPAddress(0x0A000000L + i)));
        Assert.InRange(buckets.Count, RateLimits.AddressBuckets * 9 / 10, RateLimits.AddressBuckets);
        Assert.InRange(buckets.Max(), 0, RateLimits.AddressBuckets - 1);
    }

    private ApiProcess Slow(string limit) => new(new Dictionary<string, string>(ledger.Settings) { [limit] = "1" });

    private string Token(string tenant, string subject)
    {
        var claims = ledger.Issuer.Claims(tenant, "AUDITOR");
        claims["sub"] = subject;
        return ledger.Issuer.Sign(claims);
    }

    private static async Task AssertSomeRefusedAsync(
        ApiProcess api, Func<int, (string?, string, string?)> caller, string path = "/entries")
    {
        var answers = await AskAsync(api, caller, path);
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.InRange(refused.Count, 1, Dozen - 2);
        foreach (var answer in refused) await answer.IsProblemAsync(ProblemTypes.RateLimited); // with Retry-After
        foreach (var answer in answers) answer.Dispose();
    }

    private static async Task AssertAllAnsweredAsync(
        ApiProcess api, HttpStatusCode status, Func<int, (string?, string, string?)> caller, string path = "/entries")
    {
        var answers = await AskAsync(api, caller, path);
        Assert.Equal(Enumerable.Repeat(status, Dozen), answers.Select(answer => answer.StatusCode));
        foreach (var answer in answers) answer.Dispose();
    }

    private static async Task<HttpResponseMessage[]> AskAsync(
        ApiProcess api, Func<int, (string? Token, string From, string? Forwarded)> caller, string path) =>
        await Task.WhenAll(Enumerable.Range(1, Dozen).Select(async i =>
        {
            var (token, from, forwarded) = caller(i);
            using var client = api.Client(token, from);
            if (forwarded is not null) client.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
            return await client.GetAsync(new Uri(path, UriKind.Relative));
        }));
}
