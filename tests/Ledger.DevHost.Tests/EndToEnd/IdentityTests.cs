using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.DevHost.Tests.Emulators.Keycloak;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.DevHost.Tests.EndToEnd;

/// <summary>Both realms, their demo people, a machine and the developer's tokens on a running DevHost.</summary>
public sealed class IdentityTests : IDisposable
{
    private const string Portal = "http://localhost:8090/signin-oidc", Console = "http://localhost:8091/signin-oidc";

    private static readonly string Verifier = new('v', 43);

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [PostgresFact]
    public async Task Demo_people_sign_in_machines_write_and_the_APIs_database_role_sees_nothing_without_a_tenant()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var env = await host.SourceAsync();

        var tech = await SignInAsync(env, "ledger", "ledger-portal", Portal, "demo-tech", env["LEDGER_DEMO_TECH_PASSWORD"]);
        await SendAsync(env, HttpMethod.Post, "/append", tech, new { subject = "s", payload = "dGVzdA==" }, HttpStatusCode.Created);

        var admin = await SignInAsync(env, "ledger-platform", "ledger-console", Console, "plat-admin", env["LEDGER_PLAT_ADMIN_PASSWORD"],
            async page =>
            {
                Assert.Null(page.Left);
                await page.SubmitAsync(("otp", Totp.Of(env["LEDGER_PLAT_ADMIN_TOTP"], TimeProvider.System.GetUtcNow())));
            });
        await SendAsync(env, HttpMethod.Get, "/admin/api/v1/tenants", admin);

        // Without a device there is no way past setting one up.
        var billing = await SignInAsync(env, "ledger-platform", "ledger-console", Console, "plat-billing",
            env["LEDGER_PLAT_BILLING_PASSWORD"],
            async page =>
            {
                Assert.Null(page.Left);
                var key = page.Page.Split("name=\"totpSecret\" value=\"")[1].Split('"')[0];
                await page.SubmitAsync(("totp", Totp.Of(key, TimeProvider.System.GetUtcNow())));
            });
        await SendAsync(env, HttpMethod.Get, "/admin/api/v1/anchoring", billing);
        Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(env, HttpMethod.Get, "/entries", billing));

        var machine = await TokenAsync(env, "ledger", new()
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "ledger-machine", ["client_secret"] = env["LEDGER_MACHINE_SECRET"],
        });
        await SendAsync(env, HttpMethod.Post, "/append", machine, new { subject = "s", payload = "dGVzdA==" }, HttpStatusCode.Created);
        await SendAsync(env, HttpMethod.Get, "/entries", machine);

        await using var database = NpgsqlDataSource.Create(ConnectionString(env["LEDGER_PG_APP"]));
        Assert.Equal("ledger_app", await QueryAsync(database, "SELECT current_user::text"));
        await SeesNothingAsync(database);
        Assert.Equal("false", await QueryAsync(database, "SELECT pg_has_role(session_user, 'ledger_admin', 'MEMBER')::text"));
        Assert.Equal("2", await QueryAsync(database,
            "SELECT set_config('ledger.tenant', 'demo', false); SELECT count(*)::text FROM entries", result: 1));
    }

    [PostgresFact]
    public async Task Every_token_of_env_has_the_role_and_the_tenant_that_env_says()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var env = await host.SourceAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(env, HttpMethod.Get, "/entries", env["LEDGER_TOKEN_TECH"]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(env, HttpMethod.Get, "/entries", env["LEDGER_TOKEN_AUDITOR"]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(env, HttpMethod.Get, "/api/v1/users", env["LEDGER_TOKEN_CLIENT_ADMIN"]));
        Assert.Equal(env["LEDGER_TOKEN_CLIENT_ADMIN"], env["LEDGER_TOKEN_ADMIN"]);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(env, HttpMethod.Get, "/api/v1/users", env["LEDGER_TOKEN_TECH"]));
        Assert.Equal(HttpStatusCode.OK,
            await StatusAsync(env, HttpMethod.Get, "/admin/api/v1/tenants", env["LEDGER_TOKEN_PLATFORM_ADMIN"]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(env, HttpMethod.Get, "/admin/api/v1/anchoring", env["LEDGER_TOKEN_BILLING"]));
        Assert.Equal(HttpStatusCode.Forbidden,
            await StatusAsync(env, HttpMethod.Get, "/admin/api/v1/anchoring", env["LEDGER_TOKEN_OTHER"]));
    }

    /// <summary>Authorization code with PKCE, as the portal and the console ask for it.</summary>
    private async Task<string> SignInAsync(
        IReadOnlyDictionary<string, string> env, string realm, string client, string back, string name, string password,
        Func<Browser, Task>? then = null)
    {
        var keycloak = new Uri(env["KEYCLOAK_URL"]);
        var browser = new Browser(keycloak, _http);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));
        await browser.GoAsync($"/realms/{realm}/protocol/openid-connect/auth?client_id={client}&response_type=code&scope=openid"
            + $"&redirect_uri={Uri.EscapeDataString(back)}&code_challenge={challenge}&code_challenge_method=S256");
        await browser.SubmitAsync(("username", name), ("password", password));
        if (then is not null)
            await then(browser);
        Assert.True(browser.Left is not null, browser.Page);
        return await TokenAsync(env, realm, new()
        {
            ["grant_type"] = "authorization_code", ["client_id"] = client, ["code"] = browser.Parameter("code")!,
            ["redirect_uri"] = back, ["code_verifier"] = Verifier,
        });
    }

    private async Task<string> TokenAsync(IReadOnlyDictionary<string, string> env, string realm, Dictionary<string, string> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await _http.PostAsync(new Uri($"{env["KEYCLOAK_URL"]}/realms/{realm}/protocol/openid-connect/token"), form);
        var tokens = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        return tokens["access_token"]?.GetValue<string>() ?? throw new InvalidOperationException(tokens.ToJsonString());
    }

    private async Task<HttpStatusCode> StatusAsync(IReadOnlyDictionary<string, string> env, HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, env["LEDGER_API"] + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <param name="expected">Null: any success; the default: 200 or 201.</param>
    private async Task<JsonObject> SendAsync(IReadOnlyDictionary<string, string> env, HttpMethod method, string path, string? token,
        object? body = null, HttpStatusCode? expected = null)
    {
        using var request = new HttpRequestMessage(method, env["LEDGER_API"] + path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected is null ? answer.IsSuccessStatusCode : answer.StatusCode == expected,
            $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Every table and view of the ledger, as the catalogue lists them: what the role may read has no row for it.</summary>
    private static async Task SeesNothingAsync(NpgsqlDataSource database)
    {
        var relations = (await QueryAsync(database, """
            SELECT string_agg(c.relname, ',' ORDER BY c.relname) FROM pg_class c
             WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND has_table_privilege(c.oid, 'SELECT')
            """))!.Split(',');
        Assert.Superset(new HashSet<string> { "entries", "people", "signing_keys", "transparency_logs" }, relations.ToHashSet());
        foreach (var relation in relations)
            Assert.Equal((relation, "0"), (relation, await QueryAsync(database, $"SELECT count(*)::text FROM {relation}")));
    }

    private static string ConnectionString(string uri) => DevHost.Postgres.ConnectionUri.ToNpgsql(uri);

    private static async Task<string?> QueryAsync(NpgsqlDataSource database, string statements, int result = 0)
    {
        await using var command = database.CreateCommand(statements);
        await using var reader = await command.ExecuteReaderAsync();
        for (var i = 0; i < result; i++)
            await reader.NextResultAsync();
        await reader.ReadAsync();
        return reader.GetString(0);
    }
}
