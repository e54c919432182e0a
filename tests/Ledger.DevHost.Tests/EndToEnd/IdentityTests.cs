using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.DevHost.Tests.EndToEnd;

/// <summary>Both realms, people and machines on a running DevHost.</summary>
public sealed partial class IdentityTests : IDisposable
{
    private const string Portal = "http://localhost:8090/signin-oidc", Console = "http://localhost:8091/signin-oidc";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [PostgresFact]
    public async Task Who_is_invited_gets_a_mail_accepts_chooses_a_password_works_and_is_out_when_disabled()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var env = await host.SourceAsync();
        var admin = env["LEDGER_TOKEN_CLIENT_ADMIN"];

        var invited = await SendAsync(env, HttpMethod.Post, "/api/v1/invitations", admin,
            new { email = "nina@demo.example", first_name = "Nina", last_name = "New", role = "AUDITOR" });
        var person = invited["person_id"]!.GetValue<string>();
        var mail = await MailAsync(host, "0001.txt");
        Assert.StartsWith("From: ledger@ledger.test\nTo: nina@demo.example\n", mail, StringComparison.Ordinal);
        var code = Code().Match(mail).Value;

        await SendAsync(env, HttpMethod.Post, "/api/v1/invitations/accept", null, new { token = code }, HttpStatusCode.NoContent);
        await UntilAsync(async () => (await SendAsync(env, HttpMethod.Get, $"/api/v1/users/{person}", admin)) is var user
            && user["applied"]!.GetValue<bool>() && user["state"]!.GetValue<string>() == "active");

        string token;
        using (var browser = new SignIn(new Uri(env["KEYCLOAK_URL"]), "ledger", "ledger-portal", Portal))
        {
            var page = await browser.SubmitAsync(await browser.OpenAsync(), ("username", "nina@demo.example"), ("password", code));
            Assert.Contains("Update password", page, StringComparison.Ordinal);
            page = await browser.SubmitAsync(page, ("password-new", "a-good-passw0rd"), ("password-confirm", "a-good-passw0rd"));
            token = (await browser.TokensAsync(page))["access_token"]!.GetValue<string>();
        }
        await SendAsync(env, HttpMethod.Get, "/entries", token);
        await SendAsync(env, HttpMethod.Get, "/api/v1/users", token, null, HttpStatusCode.Forbidden);
        await SendAsync(env, HttpMethod.Post, "/append", token, new { subject = "s", payload = "dGVzdA==" }, HttpStatusCode.Forbidden);

        await SendAsync(env, HttpMethod.Post, $"/api/v1/users/{person}/disable", admin, null, null);
        await UntilAsync(async () => await StatusAsync(env, HttpMethod.Get, "/entries", token) == HttpStatusCode.Unauthorized);
    }

    [PostgresFact]
    public async Task Demo_people_sign_in_machines_write_and_the_APIs_database_role_sees_nothing_without_a_tenant()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var env = await host.SourceAsync();

        using (var browser = new SignIn(new Uri(env["KEYCLOAK_URL"]), "ledger", "ledger-portal", Portal))
        {
            var page = await browser.SubmitAsync(await browser.OpenAsync(), ("username", "demo-tech"),
                ("password", env["LEDGER_DEMO_TECH_PASSWORD"]));
            var token = (await browser.TokensAsync(page))["access_token"]!.GetValue<string>();
            await SendAsync(env, HttpMethod.Post, "/append", token, new { subject = "s", payload = "dGVzdA==" }, HttpStatusCode.Created);
        }
        using (var browser = new SignIn(new Uri(env["KEYCLOAK_URL"]), "ledger-platform", "ledger-console", Console))
        {
            var page = await browser.SubmitAsync(await browser.OpenAsync(), ("username", "plat-billing"),
                ("password", env["LEDGER_PLAT_BILLING_PASSWORD"]));
            var token = (await browser.TokensAsync(page))["access_token"]!.GetValue<string>();
            await SendAsync(env, HttpMethod.Get, "/admin/api/v1/anchoring", token);
            Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(env, HttpMethod.Get, "/entries", token));
        }
        var machine = await MachineAsync(env);
        await SendAsync(env, HttpMethod.Post, "/append", machine, new { subject = "s", payload = "dGVzdA==" }, HttpStatusCode.Created);
        await SendAsync(env, HttpMethod.Get, "/entries", machine);

        await using var database = NpgsqlDataSource.Create(ConnectionString(env["LEDGER_PG_APP"]));
        Assert.Equal("ledger_app", await QueryAsync(database, "SELECT current_user::text"));
        Assert.Equal("0", await QueryAsync(database, "SELECT count(*)::text FROM entries"));
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
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(env, HttpMethod.Get, "/admin/api/v1/tenants", env["LEDGER_TOKEN_PLATFORM_ADMIN"]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(env, HttpMethod.Get, "/admin/api/v1/anchoring", env["LEDGER_TOKEN_BILLING"]));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(env, HttpMethod.Get, "/admin/api/v1/anchoring", env["LEDGER_TOKEN_OTHER"]));
    }

    private async Task<string> MachineAsync(IReadOnlyDictionary<string, string> env)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "ledger-machine", ["client_secret"] = env["LEDGER_MACHINE_SECRET"],
        });
        using var answer = await _http.PostAsync(new Uri($"{env["KEYCLOAK_URL"]}/realms/ledger/protocol/openid-connect/token"), form);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!.GetValue<string>();
    }

    private static async Task<string> MailAsync(RunningDevHost host, string name)
    {
        var file = Path.Combine(host.State, "mail", name);
        await UntilAsync(() => Task.FromResult(File.Exists(file) && Code().IsMatch(File.ReadAllText(file))));
        return await File.ReadAllTextAsync(file);
    }

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await done())
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
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

    [GeneratedRegex("lgi_[a-z0-9_-]+")]
    private static partial Regex Code();
}
