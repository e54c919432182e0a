using System.Text.Json;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Npm;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

/// <summary>Clients by others, made for the real one, find nothing missing.</summary>
public sealed class NpmClientTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private RecordedRealms realms = null!;

    public async Task InitializeAsync() => realms = await RecordedRealms.StartAsync();

    public async Task DisposeAsync() => await realms.DisposeAsync();

    [NpmFact]
    public async Task Openid_client_signs_a_person_in_and_out()
    {
        var seen = await RunAsync("openid-client.mjs", new()
        {
            ["ISSUER"] = realms.Keycloak.Issuer("ledger"),
            ["CLIENT_ID"] = "ledger-portal",
            ["REDIRECT_URI"] = "http://127.0.0.1:18190/signin-oidc",
            ["SIGNED_OUT_URI"] = "http://127.0.0.1:18190/signed-out",
            ["USERNAME"] = "demo-auditor",
            ["PASSWORD"] = RecordedRealms.PasswordOf("demo-auditor"),
        });

        Assert.Equal((200, 200), (seen.GetProperty("loginStatus").GetInt32(), seen.GetProperty("wrongStatus").GetInt32()));
        var (claims, userinfo) = (seen.GetProperty("claims"), seen.GetProperty("userinfo"));
        Assert.Equal("demo", claims.GetProperty("tenant").GetString());
        Assert.Equal("demo-auditor", claims.GetProperty("preferred_username").GetString());
        Assert.True(claims.GetProperty("auth_time").GetInt64() > 0);
        Assert.Equal(claims.GetProperty("sub").GetString(), userinfo.GetProperty("sub").GetString());
        Assert.True(seen.GetProperty("sameSession").GetBoolean() && seen.GetProperty("newRefreshToken").GetBoolean());
        Assert.Equal("http://127.0.0.1:18190/signed-out?state=bye", seen.GetProperty("signedOut").GetString());
        Assert.Equal("invalid_grant", seen.GetProperty("refreshAfter").GetString());
        Assert.Equal("invalid_grant", seen.GetProperty("codeAgain").GetString());
    }

    [NpmFact]
    public async Task Keycloak_admin_client_manages_people_with_the_rights_of_the_workers()
    {
        using var setup = realms.Admin(await realms.ServiceTokenAsync("ledger-setup"));
        await setup.SendAsync("POST", "identity-provider/instances", """{"alias":"demo-sso","providerId":"oidc","config":{}}""");

        var seen = await RunAsync("admin-client.mjs", new()
        {
            ["KEYCLOAK"] = realms.Keycloak.Address.AbsoluteUri.TrimEnd('/'),
            ["REALM"] = "ledger",
            ["CLIENT_ID"] = "ledger-workers",
            ["CLIENT_SECRET"] = RecordedRealms.Secret("LEDGER_WORKERS_SECRET"),
            ["PROVIDER"] = "demo-sso",
        });

        Assert.Equal("409 User exists with same email", seen.GetProperty("duplicate").GetString());
        Assert.True(seen.GetProperty("found").GetBoolean());
        Assert.Contains("grace@ledger.test", seen.GetProperty("ofTenant").EnumerateArray().Select(n => n.GetString()));
        var changed = seen.GetProperty("changed");
        Assert.Equal("Changed", changed.GetProperty("firstName").GetString());
        Assert.Equal("grace@ledger.test", changed.GetProperty("email").GetString());
        Assert.False(changed.GetProperty("enabled").GetBoolean());
        Assert.Equal("""["CLIENT_TECH","default-roles-ledger"]""", seen.GetProperty("mapped").GetRawText());
        Assert.Equal("""["default-roles-ledger"]""", seen.GetProperty("unmapped").GetRawText());
        Assert.Equal("400 invalidPasswordMinLengthMessage", seen.GetProperty("weak").GetString());
        Assert.Equal("""["UPDATE_PASSWORD"]""", seen.GetProperty("requiredActions").GetRawText());
        Assert.Equal("""[{"identityProvider":"demo-sso","userId":"ext-1","userName":"grace"}]""", seen.GetProperty("links").GetRawText());
        Assert.Equal("[]", seen.GetProperty("linksAfter").GetRawText());
        Assert.Equal("403 HTTP 403 Forbidden", seen.GetProperty("rolesRefused").GetString());
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("gone").ValueKind);
    }

    private static async Task<JsonElement> RunAsync(string script, Dictionary<string, string> environment)
    {
        using var node = new NodeScript(await File.ReadAllTextAsync(RepositoryPath.Of("tests", "npm", script)));
        using var patience = new CancellationTokenSource(Patience);
        return JsonElement.Parse(await node.RunAsync(environment, patience.Token));
    }
}
