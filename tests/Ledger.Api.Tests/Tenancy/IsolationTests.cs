using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Api.Tests.ApiKeys;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>Every operation of the OpenAPI document, asked by the owner, by another tenant, and about something that does not exist: the
/// last two must not differ.</summary>
public class IsolationTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string UnknownId = "0192f0a5-3f3e-7c58-8f3b-0d9d5f2a1c77";

    [PostgresFact]
    public async Task What_is_another_tenants_answers_like_what_is_not_there()
    {
        using var mine = await FullTenant.MakeAsync(ledger);
        var theirs = await ledger.AddTenantAsync();
        using var owner = ledger.ClientFor(mine.Name, "CLIENT_ADMIN");
        using var stranger = ledger.ClientFor(theirs, "CLIENT_ADMIN");
        using var nobody = ledger.Anonymous();
        using var operatorOnly = ledger.ClientFor(mine.Name, "PLATFORM_ADMIN");
        using var key = ledger.Api.Client((await ledger.AddKeyAsync(theirs)).Whole);

        var checkedOperations = 0;
        foreach (var (method, path) in await OperationsAsync())
        {
            if (!path.Contains('{', StringComparison.Ordinal)) continue;
            var (real, unknown) = (mine.Fill(path, real: true), mine.Fill(path, real: false));
            var others = path.StartsWith("/log/", StringComparison.Ordinal) ? new[] { stranger, key, nobody, operatorOnly }
                : [stranger, key];
            foreach (var other in others)
                Assert.Equal($"{await AskAsync(other, method, unknown)}", $"{await AskAsync(other, method, real)}");
            if (AccessTable.Operations.Single(o => o.Method == method.Method && o.Path == path).IsOfTenant)
                Assert.Equal(404, (await AskAsync(stranger, method, real)).Status);
            if (!path.StartsWith("/admin/", StringComparison.Ordinal)) // operators' paths are no tenant's
            {
                var (status, body) = await AskAsync(owner, method, real);
                Assert.True(status is >= 200 and <= 299, $"{real}: {status} {body}"); // so the difference was there to be seen
            }
            checkedOperations++;
        }
        Assert.True(checkedOperations >= 20, $"only {checkedOperations} operations have parameters");
        Assert.Equal(2 * FullTenant.Size, await ledger.CountAsync("chain_entries", mine.Name));
    }

    [PostgresFact]
    public async Task What_lists_lists_only_the_callers_own()
    {
        using var mine = await FullTenant.MakeAsync(ledger);
        using var theirs = await FullTenant.MakeAsync(ledger);
        using var stranger = ledger.ClientFor(theirs.Name, "CLIENT_ADMIN");
        foreach (var (method, path) in await OperationsAsync())
        {
            if (method != HttpMethod.Get || path.Contains('{', StringComparison.Ordinal) || path == "/checkpoints/consistency"
                || path.StartsWith("/admin/", StringComparison.Ordinal)) continue;
            var (status, body) = await AskAsync(stranger, method, path);
            Assert.True(status is 200, $"{path}: {status} {body}");
            foreach (var own in new[] { mine.Entry, $"/{mine.Name}\"", mine.Attestation, mine.Attestor.KeyId, mine.ApiKey, mine.Person,
                mine.Invitation })
                Assert.DoesNotContain(own, body, StringComparison.Ordinal);
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
            string Fill(string with) =>
                path.Replace("{tenant}", tenant, StringComparison.Ordinal).Replace("{id}", with, StringComparison.Ordinal);
            var unknown = await AskAsync(client, method, Fill(UnknownId));
            foreach (var id in new[] { "7", "x", UnknownId.ToUpperInvariant(), UnknownId.Replace("-", "", StringComparison.Ordinal),
                $"{{{UnknownId}}}", "..%2f" })
                Assert.Equal($"{unknown}", $"{await AskAsync(client, method, Fill(id))}");
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

    /// <summary>Status, body and headers, without what names the request.</summary>
    private static async Task<(int Status, string Body)> AskAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get) request.Content = Answers.Json(Body(method, path));
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            var problem = JsonNode.Parse(body)!.AsObject();
            problem.Remove("request_id");
            problem.Remove("trace_id");
            body = problem.ToJsonString();
        }
        var headers = answer.Headers.Concat(answer.Content.Headers)
            .Where(header => header.Key.ToUpperInvariant() is not ("X-REQUEST-ID" or "CONTENT-LENGTH"))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);
        return ((int)answer.StatusCode, $"{body} {string.Join("; ", headers)}");
    }

    /// <summary>What lets the owner's request succeed.</summary>
    private static string Body(HttpMethod method, string path) => (method.Method, path.Split('/')[^1]) switch
    {
        ("PUT", "role") => """{"role":"CLIENT_TECH"}""",
        ("PUT", FullTenant.Provider) => """{"user_id":"ext-2","user_name":"ada"}""",
        ("PUT", "limits") => """{"people":7}""",
        ("POST", "suspend") => """{"reason":"unpaid"}""",
        _ => "{}",
    };
}
