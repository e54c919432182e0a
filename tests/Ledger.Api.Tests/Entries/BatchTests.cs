using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Entries;

public class BatchTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Good = """{"subject":"s","payload":"QQ=="}""";

    [PostgresFact]
    public async Task Each_item_stands_alone_and_the_accepted_ones_are_consecutive()
    {
        var tenant = await ledger.AddTenantAsync();
        var results = await PostAsync(tenant,
            $$"""{"items":[{{Good}},{"subject":"","payload":"QQ=="},{{Good}},{"subject":"s","payload":"*"},7,{{Good}}]}""");

        Assert.Equal([201, 400, 201, 400, 400, 201], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal([0L, 1L, 2L],
            results.Where(result => result.TryGetProperty("entry", out _))
            .Select(result => result.GetProperty("entry").GetProperty("chain_seq").GetInt64()));
        var problem = results[3].GetProperty("problem");
        Assert.Equal(ProblemTypes.InvalidBase64.Urn, problem.GetProperty("type").GetString());
        Assert.Equal("items[3].payload", problem.GetProperty("field").GetString());
        Assert.False(problem.TryGetProperty("request_id", out _));
        Assert.Equal(3, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresFact]
    public async Task The_largest_batch_is_one_run_of_the_chain()
    {
        var tenant = await ledger.AddTenantAsync();
        var results = await PostAsync(tenant, $$"""{"items":[{{string.Join(',', Enumerable.Repeat(Good, 1000))}}]}""");
        var prev = new string('0', 64);
        for (var i = 0; i < 1000; i++)
        {
            var entry = results[i].GetProperty("entry");
            Assert.Equal(i, entry.GetProperty("chain_seq").GetInt64());
            Assert.Equal(prev, entry.GetProperty("prev").GetString());
            prev = entry.GetProperty("leaf_hash").GetString();
        }
    }

    [PostgresFact]
    public async Task A_batch_of_refused_items_writes_nothing()
    {
        var tenant = await ledger.AddTenantAsync();
        var results = await PostAsync(tenant, """{"items":[{},{}]}""");
        Assert.All(results, result => Assert.Equal(400, result.GetProperty("status").GetInt32()));
        Assert.Equal(0, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresTheory]
    [InlineData("""{"items":[]}""", "invalid-field", "items")]
    [InlineData("""{"items":{}}""", "invalid-field", "items")]
    [InlineData("""{"items":null}""", "invalid-field", "items")]
    [InlineData("""{}""", "missing-field", "items")]
    [InlineData("""[]""", "malformed-json", null)]
    [InlineData("""{"items":[{]}""", "malformed-json", null)]
    [InlineData("""{"items":[],"items":[]}""", null, "items")]
    [InlineData("""{"entries":[]}""", "unknown-field", "entries")]
    public async Task A_bad_frame_fails_the_whole_batch(string body, string? slug, string? field)
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/append/batch", Answers.Json(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        if (slug is not null) await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
        Assert.Equal(0, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresFact]
    public async Task More_than_a_thousand_items_are_refused()
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/append/batch",
            Answers.Json($$"""{"items":[{{string.Join(',', Enumerable.Repeat(Good, 1001))}}]}"""));
        await answer.IsProblemAsync(ProblemTypes.TooManyItems, "items");
        Assert.Equal(0, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresFact]
    public async Task More_than_sixteen_mebibytes_are_refused()
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/append/batch",
            Answers.Json($$"""{"items":[{{Good}}]{{new string(' ', 16 * 1024 * 1024)}}}"""));
        await answer.IsProblemAsync(ProblemTypes.PayloadTooLarge);
    }

    private async Task<List<JsonElement>> PostAsync(string tenant, string body)
    {
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/append/batch", Answers.Json(body));
        return [.. (await answer.JsonAsync()).GetProperty("results").EnumerateArray()];
    }
}
