using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.ApiKeys;

/// <summary>What a request for a key must look like, and how keys are listed.</summary>
public class ApiKeyRequestTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    public static TheoryData<string, string, string?> BadBodies => new()
    {
        { "", "malformed-json", null },
        { "[]", "malformed-json", null },
        { "{}", "missing-field", "name" },
        { """{"name":"ci"}""", "missing-field", "scopes" },
        { """{"name":"","scopes":["entries:read"]}""", "invalid-field", "name" },
        { $$"""{"name":"{{new string('a', 257)}}","scopes":["entries:read"]}""", "invalid-field", "name" },
        { """{"name":"\ud800","scopes":["entries:read"]}""", "invalid-text", "name" },
        { """{"name":"ci","scopes":[]}""", "invalid-field", "scopes" },
        { """{"name":"ci","scopes":"entries:read"}""", "invalid-field", "scopes" },
        { """{"name":"ci","scopes":["entries:read","entries:read"]}""", "invalid-field", "scopes" },
        { """{"name":"ci","scopes":["entries:delete"]}""", "invalid-field", "scopes" },
        { """{"name":"ci","scopes":["Entries:read"]}""", "invalid-field", "scopes" },
        { """{"name":"ci","scopes":["\ud800"]}""", "invalid-field", "scopes" },
        { """{"name":"ci","scopes":[null]}""", "invalid-field", "scopes" },
        { """{"name":"ci","scopes":["entries:read"],"expires_at":"2026-01-01T00:00:00Z"}""", "invalid-field", "expires_at" },
        { """{"name":"ci","scopes":["entries:read"],"expires_at":"tomorrow"}""", "invalid-field", "expires_at" },
        { """{"name":"ci","scopes":["entries:read"],"expires_at":4102444800}""", "invalid-field", "expires_at" },
        { """{"name":"ci","scopes":["entries:read"],"expires_at":"9999-12-31T23:59:59Z"}""", "invalid-field", "expires_at" },
        { """{"name":"ci","scopes":["entries:read"],"role":"CLIENT_ADMIN"}""", "unknown-field", "role" },
        { """{"name":"ci","name":"ci","scopes":["entries:read"]}""", "duplicate-field", "name" },
    };

    [PostgresTheory]
    [MemberData(nameof(BadBodies))]
    public async Task What_is_no_request_for_a_key_is_refused_and_named(string body, string slug, string? field)
    {
        var tenant = await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var answer = await admin.PostAsync(TestKeys.Path, Answers.Json(body));
        await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
        Assert.Equal(0, await ledger.CountAsync("api_keys", tenant));
    }

    [PostgresTheory]
    [InlineData("""{"overlap_seconds":-1}""")]
    [InlineData("""{"overlap_seconds":604801}""")]
    [InlineData("""{"overlap_seconds":1.5}""")]
    [InlineData("""{"overlap_seconds":"60"}""")]
    public async Task An_overlap_is_a_number_of_seconds_up_to_a_week(string body)
    {
        using var admin = ledger.ClientFor(await ledger.AddTenantAsync(), "CLIENT_ADMIN");
        var key = await admin.AddKeyAsync(new { name = "n", scopes = TestKeys.AllScopes });
        using var answer = await admin.PostAsync($"{TestKeys.Path}/{key.Id}/rotate", Answers.Json(body));
        await answer.IsProblemAsync(ProblemTypes.InvalidField, "overlap_seconds");
        using var week = await admin.PostAsync($"{TestKeys.Path}/{key.Id}/rotate", Answers.Json("""{"overlap_seconds":604800}"""));
        await week.JsonAsync(HttpStatusCode.Created);
    }

    [PostgresFact]
    public async Task Keys_are_listed_page_by_page_the_oldest_first()
    {
        var tenant = await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        var made = new List<string>();
        for (var i = 0; i < 5; i++) made.Add((await admin.AddKeyAsync(new { name = $"key {i}", scopes = TestKeys.AllScopes })).Id);
        var (seen, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await admin.GetJsonAsync($"{TestKeys.Path}?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(key => key.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
            if (cursor is null) continue;
            using var stranger = ledger.ClientFor(await ledger.AddTenantAsync(), "CLIENT_ADMIN");
            using var refused = await stranger.GetAsync(new Uri($"{TestKeys.Path}?limit=2&cursor={cursor}", UriKind.Relative));
            await refused.IsProblemAsync(ProblemTypes.InvalidCursor, "cursor");
        }
        while (cursor is not null);
        Assert.Equal(made, seen);
    }
}
