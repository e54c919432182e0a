using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Npm;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>An OpenID provider by others (npm oidc-provider), with tokens of Keycloak's claims in RFC 9068's form.</summary>
public sealed class OidcProviderTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [NpmFact(postgres: true)]
    public async Task An_independent_providers_tokens_are_believed_for_what_they_say()
    {
        var tenant = await ledger.AddTenantAsync();
        using var script = new NodeScript(await File.ReadAllTextAsync(RepositoryPath.Of("tests", "npm", "oidc-provider.mjs")));
        using var provider = script.Start(new Dictionary<string, string> { ["TENANT"] = tenant });
        try
        {
            var issuer = await provider.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
            if (issuer is null) Assert.Fail(await provider.StandardError.ReadToEndAsync());
            await using var api = new ApiProcess(new Dictionary<string, string>(ledger.Settings)
            {
                ["Identity:Issuers:1:Issuer"] = issuer,
                ["Identity:Issuers:1:Audience"] = "ledger-api",
                ["Identity:Issuers:1:Clients:0"] = "ledger-portal",
                ["Identity:Issuers:1:Clients:1"] = "nightly-import",
                ["Identity:Issuers:1:Roles:0"] = "CLIENT_ADMIN",
                ["Identity:Issuers:1:Roles:1"] = "entries:write",
                ["Security:SensitiveActionMaxAge"] = "00:15:00",
            });

            foreach (var algorithm in new[] { "RS256", "ES256" })
            {
                using var ada = api.Client(await PersonAsync(issuer, "ada", "urn:ledger:" + algorithm));
                Assert.Equal(HttpStatusCode.OK, await StatusAsync(ada, HttpMethod.Get, "/entries"));
                Assert.Equal(HttpStatusCode.Created, await StatusAsync(ada, HttpMethod.Post, "/append"));
                Assert.Equal(HttpStatusCode.OK, await StatusAsync(ada, HttpMethod.Put, "/api/v1/policy")); // it has an auth_time
                using var machine = api.Client(await MachineAsync(issuer, "urn:ledger:" + algorithm));
                Assert.Equal(HttpStatusCode.Created, await StatusAsync(machine, HttpMethod.Post, "/append"));
                Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(machine, HttpMethod.Get, "/entries")); // a role says writing alone
            }

            using var olga = api.Client(await PersonAsync(issuer, "olga", "urn:ledger:RS256"));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(olga, HttpMethod.Get, "/admin/api/v1/dead-letters"));
            using var other = api.Client(await MachineAsync(issuer, "urn:other"));
            await (await other.GetAsync(new Uri("/entries", UriKind.Relative))).IsProblemAsync(ProblemTypes.Unauthenticated);
        }
        finally
        {
            provider.Kill();
            await provider.WaitForExitAsync();
        }
    }

    private static Task<string> PersonAsync(string issuer, string name, string resource) => TokenAsync(issuer, new()
    {
        ["grant_type"] = "password", ["username"] = name, ["client_id"] = "ledger-portal", ["client_secret"] = "portal",
        ["resource"] = resource,
    });

    private static Task<string> MachineAsync(string issuer, string resource) => TokenAsync(issuer, new()
    {
        ["grant_type"] = "client_credentials", ["client_id"] = "nightly-import", ["client_secret"] = "import", ["resource"] = resource,
    });

    private static async Task<string> TokenAsync(string issuer, Dictionary<string, string> form)
    {
        using var http = new HttpClient();
        using var body = new FormUrlEncodedContent(form);
        using var answer = await http.PostAsync(new Uri(issuer + "/token"), body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("access_token").GetString()!;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = method == HttpMethod.Post ? Answers.Json("""{"subject":"s","payload":"QQ=="}""")
            : method == HttpMethod.Put ? Answers.Json("""{"anchor":"off"}""") : null;
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
