using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.DevHost.Tests.Emulators.Keycloak;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.EndToEnd;

/// <summary>A person from the invitation to the last sign-in, through the API, the workers, the realm and the mail server as they run.
/// </summary>
public sealed partial class InvitedPersonTests : IDisposable
{
    private const string Address = "ada@example.com", Password = "chosen-by-ada-1", Back = "http://localhost:8090/signin-oidc";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly string Verifier = new('v', 43);

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private IReadOnlyDictionary<string, string> env = null!;

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [PostgresFact]
    public async Task Who_is_invited_chooses_a_password_works_in_the_role_of_the_day_and_is_out_at_once_when_disabled()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(folder));
        env = await host.SourceAsync();
        var admin = env["LEDGER_TOKEN_CLIENT_ADMIN"];
        await DemoPeopleAsync(admin);

        // Invited: the answer does not wait for Keycloak; the mail does.
        var (status, invitation) = await CallAsync(HttpMethod.Post, "/api/v1/invitations", admin,
            new JsonObject { ["email"] = Address, ["first_name"] = "Ada", ["last_name"] = "Byron", ["role"] = "CLIENT_TECH" });
        Assert.Equal((201, false), (status, invitation!["applied"]!.GetValue<bool>()));
        var user = $"/api/v1/users/{invitation["person_id"]!.GetValue<string>()}";
        var code = await MailedCodeAsync(host.State);

        // Accepted, once.
        Assert.Equal(204, (await CallAsync(HttpMethod.Post, "/api/v1/invitations/accept", null,
            new JsonObject { ["token"] = code })).Status);
        Assert.Equal(404, (await CallAsync(HttpMethod.Post, "/api/v1/invitations/accept", null,
            new JsonObject { ["token"] = code })).Status);
        await AppliedAsync(user, admin);

        // Signs in with the code, and has to choose a password.
        var browser = await SignInAsync(code);
        Assert.Contains("You need to change your password", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync(("password-new", Password), ("password-confirm", Password));
        var tech = await TokenAsync(browser);
        Assert.Equal(200, (await CallAsync(HttpMethod.Get, "/api/v1/attestation-keys", tech)).Status);
        Assert.Equal(403, (await CallAsync(HttpMethod.Get, "/api/v1/users", tech)).Status);

        // Another role: theirs from the next sign-in on, which they need, and not theirs to change.
        Assert.Equal(200, (await CallAsync(HttpMethod.Put, $"{user}/role", admin, new JsonObject { ["role"] = "CLIENT_ADMIN" })).Status);
        await AppliedAsync(user, admin);
        var own = await TokenAsync(await SignInAsync(Password));
        Assert.Equal(200, (await CallAsync(HttpMethod.Get, "/api/v1/users", own)).Status);
        var (refused, problem) = await CallAsync(HttpMethod.Post, $"{user}/disable", own);
        Assert.Equal((409, "urn:ledger:problem:own-account"), (refused, problem!["type"]!.GetValue<string>()));

        // Disabled: tokens that are good everywhere else are refused here, before Keycloak heard of it or after.
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, $"{user}/disable", admin)).Status);
        Assert.Equal(401, (await CallAsync(HttpMethod.Get, "/api/v1/users", own)).Status);
        Assert.Equal(401, (await CallAsync(HttpMethod.Get, "/api/v1/attestation-keys", tech)).Status);
        await AppliedAsync(user, admin);
        Assert.Null((await SignInAsync(Password)).Left);

        // Enabled: the password is what it was.
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, $"{user}/enable", admin)).Status);
        await AppliedAsync(user, admin);
        Assert.Equal(200, (await CallAsync(HttpMethod.Get, "/api/v1/users", await TokenAsync(await SignInAsync(Password)))).Status);
    }

    // Nobody invited them: the realm file has them, and the DevHost had them adopted.
    private async Task DemoPeopleAsync(string admin)
    {
        List<string> seen = [];
        for (var left = Patience; left > TimeSpan.Zero && seen.Count < 3; left -= Look)
        {
            var people = (await CallAsync(HttpMethod.Get, "/api/v1/users", admin)).Body!["items"]!.AsArray();
            seen = [.. people.Select(p => $"{p!["email"]} {p["role"]} {p["state"]} {p["applied"]}").Order(StringComparer.Ordinal)];
            await Task.Delay(Look);
        }
        Assert.Equal(["demo-admin@ledger.test CLIENT_ADMIN active true", "demo-auditor@ledger.test AUDITOR active true",
            "demo-tech@ledger.test CLIENT_TECH active true"], seen);
    }

    private async Task<(int Status, JsonNode? Body)> CallAsync(HttpMethod method, string path, string? token, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, env["LEDGER_API"].TrimEnd('/') + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    private async Task AppliedAsync(string user, string admin)
    {
        JsonNode? person = null;
        for (var left = Patience; left > TimeSpan.Zero; left -= Look)
        {
            person = (await CallAsync(HttpMethod.Get, user, admin)).Body;
            if (person!["applied"]!.GetValue<bool>()) return;
            await Task.Delay(Look);
        }
        Assert.Fail($"not applied: {person}");
    }

    private static async Task<string> MailedCodeAsync(string state)
    {
        for (var left = Patience; left > TimeSpan.Zero; left -= Look)
        {
            foreach (var mail in Directory.Exists(Path.Combine(state, "mail")) ? Directory.GetFiles(Path.Combine(state, "mail"), "*.eml")
                : [])
            {
                var raw = await File.ReadAllTextAsync(mail);
                var body = Encoding.UTF8.GetString(Convert.FromBase64String(raw[raw.IndexOf("\r\n\r\n",
                    StringComparison.Ordinal)..].ReplaceLineEndings("")));
                if (Code().Match(body) is { Success: true } code) return code.Value;
            }
            await Task.Delay(Look);
        }
        throw new TimeoutException("no mail came");
    }

    private async Task<Browser> SignInAsync(string password)
    {
        var browser = new Browser(new Uri(env["KEYCLOAK_URL"]), http);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));
        await browser.GoAsync("/realms/ledger/protocol/openid-connect/auth?client_id=ledger-portal&response_type=code&scope=openid"
            + $"&redirect_uri={Uri.EscapeDataString(Back)}&code_challenge={challenge}&code_challenge_method=S256");
        await browser.SubmitAsync(("username", Address), ("password", password));
        return browser;
    }

    private async Task<string> TokenAsync(Browser browser)
    {
        Assert.True(browser.Left is not null, browser.Page);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["client_id"] = "ledger-portal", ["code"] = browser.Parameter("code")!,
            ["redirect_uri"] = Back, ["code_verifier"] = Verifier,
        });
        using var answer = await http.PostAsync(new Uri(new Uri(env["KEYCLOAK_URL"]), "/realms/ledger/protocol/openid-connect/token"),
            form);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!.GetValue<string>();
    }

    [GeneratedRegex("lgi_[a-z0-9-]+_[0-9a-f]{32}_[a-z2-7]{52}")]
    private static partial Regex Code();
}
