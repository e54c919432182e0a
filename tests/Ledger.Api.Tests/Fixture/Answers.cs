using System.Net;
using System.Text.Json;
using Ledger.Core.Problems;

namespace Ledger.Api.Tests.Fixture;

/// <summary>What tests say about answers.</summary>
internal static class Answers
{
    /// <summary>The answer is this problem, whole and well-formed; returns its body.</summary>
    public static async Task<JsonElement> IsProblemAsync(this HttpResponseMessage answer, ProblemType type, string? field = null)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(type.Status == (int)answer.StatusCode, $"{(int)answer.StatusCode} instead of {type.Status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal(type.Urn, problem.GetProperty("type").GetString());
        Assert.Equal(type.Status, problem.GetProperty("status").GetInt32());
        Assert.Equal(type.Meaning, problem.GetProperty("title").GetString());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.DoesNotContain("\\u0027", text, StringComparison.Ordinal); // as docs/problems.md shows it
        Assert.Equal(Assert.Single(answer.Headers.GetValues("X-Request-Id")), problem.GetProperty("request_id").GetString());
        Assert.Equal(32, problem.GetProperty("trace_id").GetString()!.Length);
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
        Assert.Equal(type.RetryAfterSeconds, (int?)answer.Headers.RetryAfter?.Delta?.TotalSeconds);
        return problem;
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{(int)answer.StatusCode} instead of {(int)expected}: {text}");
        return JsonElement.Parse(text);
    }

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return await answer.JsonAsync();
    }

    public static HttpContent Json(string body) => new StringContent(body, System.Text.Encoding.UTF8, "application/json");
}
