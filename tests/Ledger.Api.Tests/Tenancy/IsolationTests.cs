using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>Every operation of the OpenAPI document, asked by the owner, by another tenant, and about something that does not exist: the
/// last two must not differ.</summary>
public class IsolationTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string UnknownId = "0192f0a5-3f3e-7c58-8f3b-0d9d5f2a1c77";
    private const string UnknownTenant = "nobody-at-all";

    [PostgresFact]
    public async Task What_is_another_tenants_answers_like_what_is_not_there()
    {
        var (mine, theirs) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        var entries = await ledger.AppendManyAsync(mine, 3);
        await ledger.CoverAsync();
        using var owner = ledger.ClientFor(mine, "CLIENT_ADMIN");
        using var stranger = ledger.ClientFor(theirs, "CLIENT_ADMIN");
        using var nobody = ledger.Anonymous();
        using var operatorOnly = ledger.ClientFor(mine, "PLATFORM_ADMIN");

        var checkedOperations = 0;
        foreach (var (method, path) in await OperationsAsync())
        {
            if (!path.Contains('{', StringComparison.Ordinal)) continue;
            // Later epochs: there is none, so even the owner gets the answer of nothing.
            var real = Fill(path, entries[0].Id, mine);
            var unknown = Fill(path, UnknownId, UnknownTenant);
            var others = path.StartsWith("/log/", StringComparison.Ordinal) ? new[] { stranger, nobody, operatorOnly } : [stranger];
            foreach (var other in others) Assert.Equal(await AskAsync(other, method, unknown), await AskAsync(other, method, real));
            if (!path.Contains("{epoch}", StringComparison.Ordinal))
                Assert.InRange((await AskAsync(owner, method, real)).Status, 200, 299); // so the difference was there to be seen
            checkedOperations++;
        }
        Assert.True(checkedOperations >= 11, $"only {checkedOperations} operations have parameters");
        Assert.Equal(3, await ledger.CountAsync("chain_entries", mine));
    }

    [PostgresFact]
    public async Task What_lists_lists_only_the_callers_own()
    {
        var (mine, theirs) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        var entry = (await ledger.AppendManyAsync(mine, 1))[0];
        await ledger.AppendManyAsync(theirs, 1);
        await ledger.CoverAsync();
        using var stranger = ledger.ClientFor(theirs);
        foreach (var (method, path) in await OperationsAsync())
        {
            if (method != HttpMethod.Get || path.Contains('{', StringComparison.Ordinal) || path == "/checkpoints/consistency") continue;
            var (status, body) = await AskAsync(stranger, method, path);
            Assert.True(status is 200, $"{path}: {status} {body}");
            Assert.DoesNotContain(entry.Id, body, StringComparison.Ordinal);
            Assert.DoesNotContain($"/{mine}\"", body, StringComparison.Ordinal);
            Assert.DoesNotContain(entry.LeafHash.ToHex(), body, StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task Filters_do_not_reach_into_another_tenant()
    {
        var (mine, theirs) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        var entry = await ledger.AppendAsync(mine, "shared-subject");
        using var stranger = ledger.ClientFor(theirs);
        foreach (var query in new[] { "subject=shared-subject", $"payload_hash={entry.PayloadHash}" })
            Assert.Empty((await stranger.GetJsonAsync($"/entries?{query}")).GetProperty("items").EnumerateArray());
    }

    [PostgresFact]
    public async Task A_malformed_id_answers_like_an_unknown_one()
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        foreach (var (method, path) in (await OperationsAsync()).Where(o => o.Path.Contains("{id}", StringComparison.Ordinal)))
        {
            var unknown = await AskAsync(client, method, Fill(path, UnknownId, tenant));
            foreach (var id in new[] { "7", "x", UnknownId.ToUpperInvariant(), UnknownId.Replace("-", "", StringComparison.Ordinal),
                $"{{{UnknownId}}}", "..%2f" })
                Assert.Equal(unknown, await AskAsync(client, method, Fill(path, id, tenant)));
        }
    }

    private async Task<List<(HttpMethod Method, string Path)>> OperationsAsync()
    {
        using var client = ledger.Anonymous();
        var document = await client.GetJsonAsync("/openapi/v1.json");
        var operations = new List<(HttpMethod, string)>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(o => o.Name is "get" or "post" or "put" or "delete"))
                operations.Add((HttpMethod.Parse(operation.Name), path.Name));
        }
        // Erasing last: it changes what the others read.
        return [.. operations.OrderBy(o => o.Item1 == HttpMethod.Delete)];
    }

    private static string Fill(string path, string id, string tenant) => path
        .Replace("{id}", id, StringComparison.Ordinal).Replace("{tenant}", tenant, StringComparison.Ordinal)
            .Replace("{epoch}", "2", StringComparison.Ordinal)
        .Replace("{size}", tenant == UnknownTenant ? "1000000" : "3", StringComparison.Ordinal)
        .Replace("{level}", "0", StringComparison.Ordinal).Replace("{rest}", "000.p/3", StringComparison.Ordinal);

    /// <summary>Status and body, without what names the request.</summary>
    private static async Task<(int Status, string Body)> AskAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post) request.Content = Answers.Json("{}");
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            var problem = JsonNode.Parse(body)!.AsObject();
            problem.Remove("request_id");
            problem.Remove("trace_id");
            body = problem.ToJsonString();
        }
        var headers = string.Join(',',
            answer.Headers.Select(header => header.Key).Where(name => name is not "X-Request-Id").Order(StringComparer.Ordinal));
        return ((int)answer.StatusCode, string.Create(CultureInfo.InvariantCulture, $"{body} {headers}"));
    }
}
