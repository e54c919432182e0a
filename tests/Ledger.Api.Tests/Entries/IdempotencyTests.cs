using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Entries;

public class IdempotencyTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string One = """{"subject":"s","payload":"QQ==","meta":{"n":1}}""";
    private const string Batch =
        """{"items":[{"subject":"s","payload":"QQ=="},{"subject":"","payload":"QQ=="},{"subject":"t","payload":"QQ=="}]}""";

    [PostgresTheory]
    [InlineData("/append", One)]
    [InlineData("/append/batch", Batch)]
    public async Task The_same_key_and_body_give_the_same_answer(string route, string body)
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        var (status, first) = await PostAsync(client, route, "key-1", body);
        var entries = await ledger.CountAsync("chain_entries", tenant);
        Assert.True((int)status < 300, first);
        Assert.Equal((status, first), await PostAsync(client, route, "key-1", body));
        Assert.Equal(entries, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresTheory]
    [InlineData("/append", One)]
    [InlineData("/append/batch", Batch)]
    public async Task The_same_key_with_another_body_is_refused(string route, string body)
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        await PostAsync(client, route, "key-1", body);
        var entries = await ledger.CountAsync("chain_entries", tenant);
        using var answer = await SendAsync(client, route, "key-1", body + " "); // another body is another body, to the byte
        await answer.IsProblemAsync(ProblemTypes.IdempotencyKeyReused, "Idempotency-Key");
        Assert.Equal(entries, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresFact]
    public async Task A_key_is_its_callers_own_and_its_routes_own()
    {
        var tenant = await ledger.AddTenantAsync();
        using var alice = ledger.ClientFor(tenant);
        var claims = ledger.Issuer.Claims(tenant, "CLIENT_TECH");
        claims["sub"] = "bob";
        using var bob = ledger.Api.Client(ledger.Issuer.Sign(claims));
        var (_, first) = await PostAsync(alice, "/append", "shared", One);
        var (status, second) = await PostAsync(bob, "/append", "shared", One + " ");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(alice, "/append/batch", "shared", Batch)).Status);
    }

    [PostgresFact]
    public async Task Two_tenants_may_use_one_key()
    {
        var (one, other) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        using var first = ledger.ClientFor(one);
        using var second = ledger.ClientFor(other);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(first, "/append", "k", One)).Status);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(second, "/append", "k", One + "\n")).Status);
    }

    [PostgresFact]
    public async Task Thirty_two_at_once_write_one_entry_also_through_two_processes()
    {
        var tenant = await ledger.AddTenantAsync();
        await using var second = new ApiProcess(ledger.Settings);
        using var here = ledger.ClientFor(tenant);
        using var there = second.Client(ledger.Issuer.Token(tenant, "CLIENT_TECH"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 32)
            .Select(i => PostAsync(i % 2 == 0 ? here : there, "/append", "storm", One)));
        Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.Created, answers[0].Status);
        Assert.Equal(1, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresFact]
    public async Task A_refused_request_does_not_use_up_its_key()
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(client, "/append", "k", "{}")).Status);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(client, "/append", "k", One)).Status);
    }

    [PostgresFact]
    public async Task Once_an_entry_of_it_is_erased_a_key_says_so()
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        var (_, receipt) = await PostAsync(client, "/append", "k", One);
        var id = System.Text.Json.JsonElement.Parse(receipt).GetProperty("id").GetString();
        using var erased = await client.DeleteAsync(new Uri($"/entries/{id}/meta", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, erased.StatusCode);
        foreach (var body in new[] { One, One + " " })
        {
            using var answer = await SendAsync(client, "/append", "k", body);
            await answer.IsProblemAsync(ProblemTypes.IdempotencyKeyErased, "Idempotency-Key");
        }
        Assert.Equal(1, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresTheory]
    [InlineData("with blank")]
    [InlineData("größe")]
    [InlineData("256")]
    public async Task A_malformed_key_is_refused(string key)
    {
        if (key == "256") key = new string('k', 256);
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var answer = await SendAsync(client, "/append", key, One);
        await answer.IsProblemAsync(ProblemTypes.InvalidIdempotencyKey, "Idempotency-Key");
        Assert.Equal(0, await ledger.CountAsync("chain_entries", tenant));
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(HttpClient client, string route, string key, string body)
    {
        using var answer = await SendAsync(client, route, key, body);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string route, string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = Answers.Json(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await client.SendAsync(request);
    }
}
