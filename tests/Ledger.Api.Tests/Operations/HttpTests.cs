using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Operations;

public class HttpTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresTheory]
    [InlineData("/nothing")]
    [InlineData("/append/batch/more")]
    [InlineData("/log")]
    [InlineData("/log/x/y")]
    public async Task An_unknown_path_is_a_problem(string path)
    {
        using var client = ledger.ClientFor(await ledger.AddTenantAsync());
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.NotFound);
    }

    [PostgresTheory]
    [InlineData("GET", "/append", "POST")]
    [InlineData("PUT", "/entries", "GET, HEAD")]
    [InlineData("DELETE", "/chain/proof", "GET, HEAD")]
    [InlineData("POST", "/health", "GET, HEAD")]
    public async Task Another_method_is_a_problem_that_lists_the_right_ones(string method, string path, string allowed)
    {
        using var client = ledger.ClientFor(await ledger.AddTenantAsync());
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        using var answer = await client.SendAsync(request);
        await answer.IsProblemAsync(ProblemTypes.MethodNotAllowed);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
    }

    [PostgresFact]
    public async Task Whatever_is_read_by_GET_answers_HEAD_alike()
    {
        var tenant = await ledger.AddTenantAsync(isPublic: true);
        var entry = await ledger.AppendAsync(tenant);
        await ledger.CoverAsync();
        using var client = ledger.ClientFor(tenant);
        foreach (var path in new[] { "/entries", $"/entries/{entry.Id}", $"/entries/{entry.Id}/proof", $"/entries/{entry.Id}/bundle",
            "/chain/proof", "/checkpoints", "/checkpoints/latest",
            "/checkpoints/1", "/checkpoints/consistency?from=1&to=1", $"/log/{tenant}/checkpoint", $"/log/{tenant}/tile/0/000.p/1",
                $"/log/{tenant}/keys", "/.well-known/ledger-keys", "/health", "/alive", "/entries/unknown" })
        {
            using var get = await client.GetAsync(new Uri(path, UriKind.Relative));
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using var head = await client.SendAsync(request);
            Assert.True(get.StatusCode == head.StatusCode, $"{path}: {get.StatusCode} {head.StatusCode}");
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        }
    }

    [PostgresFact]
    public async Task A_callers_request_id_is_in_the_answer_and_in_the_problem()
    {
        using var client = ledger.Anonymous();
        client.DefaultRequestHeaders.Add("X-Request-Id", "ticket-4711");
        using var answer = await client.GetAsync(new Uri("/entries", UriKind.Relative));
        var problem = await answer.IsProblemAsync(ProblemTypes.Unauthenticated);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("ticket-4711", problem.GetProperty("request_id").GetString());
    }
}
