using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;

namespace Ledger.Api.Tests.ApiKeys;

/// <summary>Keys as a client administrator makes them.</summary>
internal static class TestKeys
{
    public const string Path = "/api/v1/api-keys";

    public static readonly string[] AllScopes = ["entries:write", "entries:read", "proofs:write", "proofs:read"];

    /// <summary>A key with these scopes, all where none is named.</summary>
    public static Task<TestKey> AddKeyAsync(this ApiUnderTest ledger, string tenant, params string[] scopes) =>
        ledger.ClientFor(tenant, "CLIENT_ADMIN").AddKeyAsync(new { name = "ci", scopes = scopes.Length == 0 ? AllScopes : scopes });

    public static async Task<TestKey> AddKeyAsync(this HttpClient admin, object body, string path = Path)
    {
        using var answer = await admin.PostAsJsonAsync(path, body);
        var made = await answer.JsonAsync(HttpStatusCode.Created);
        return new TestKey(made.GetProperty("key").GetString()!, made.GetProperty("api_key"));
    }
}

/// <param name="Whole">What its holder sends.</param>
/// <param name="Body">What everybody else sees.</param>
internal sealed record TestKey(string Whole, JsonElement Body)
{
    public string Id => Body.GetProperty("id").GetString()!;

    public string Prefix => Body.GetProperty("prefix").GetString()!;
}
