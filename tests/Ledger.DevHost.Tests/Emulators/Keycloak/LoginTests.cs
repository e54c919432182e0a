using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

public sealed class LoginTests : IAsyncLifetime
{
    private const string Verifier = "a-verifier-of-at-least-forty-three-characters-0123";
    private const string Logout = "/realms/ledger/protocol/openid-connect/logout";

    private KeycloakUnderTest keycloak = null!;
    private Browser browser = null!;

    public async Task InitializeAsync() => await StartAsync(RealmText.Ledger);

    public async Task DisposeAsync() => await keycloak.DisposeAsync();

    [Fact]
    public async Task A_person_signs_in_and_the_client_gets_tokens_of_that_login()
    {
        await browser.GoAsync(Authorization("&nonce=n1"));
        Assert.Equal("Sign in to Ledger", browser.Title);
        await browser.SubmitAsync(("username", "ada"), ("password", RealmText.Password));

        Assert.StartsWith($"{RealmText.Redirect}?state=s1&session_state=", browser.Left!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(keycloak.Emulator.Issuer("ledger"), browser.Parameter("iss"));
        var (status, answer) = await ExchangeAsync();
        Assert.Equal(200, status);
        var access = KeycloakUnderTest.Claims(answer);
        Assert.Equal("exp iat auth_time jti iss aud sub typ azp sid acr allowed-origins realm_access scope email_verified name "
            + "preferred_username given_name family_name tenant email", KeycloakUnderTest.Names(access));
        Assert.Equal(("ledger-api", "1", "demo"), (Text(access, "aud"), Text(access, "acr"), Text(access, "tenant")));
        Assert.Equal("""{"roles":["CLIENT_ADMIN"]}""", access.GetProperty("realm_access").GetRawText());
        Assert.Equal(keycloak.Time.GetUtcNow().ToUnixTimeSeconds(), access.GetProperty("auth_time").GetInt64());
        var id = KeycloakUnderTest.Claims(answer, "id_token");
        Assert.Equal(("n1", browser.Parameter("session_state")), (Text(id, "nonce"), Text(id, "sid")));
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(answer.GetProperty("access_token").GetString()!));
        Assert.Equal(Base64Url.EncodeToString(hash.AsSpan(0, 16)), Text(id, "at_hash"));
        Assert.Equal("AUTH_SESSION_ID KC_AUTH_SESSION_HASH KEYCLOAK_IDENTITY KEYCLOAK_SESSION",
            string.Join(' ', browser.Cookies.Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_wrong_password_shows_the_form_again_and_keeps_the_name()
    {
        await browser.GoAsync(Authorization("&login_hint=ada"));
        Assert.Contains("value=\"ada\"", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync(("username", "ada"), ("password", "wrong-password-1"));

        Assert.Equal(200, browser.Status);
        Assert.Contains("Invalid username or password.", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync(("username", "ada"), ("password", RealmText.Password));
        Assert.NotNull(browser.Parameter("code"));
    }

    [Fact]
    public async Task Whoever_has_a_temporary_password_must_choose_one_that_meets_the_policy()
    {
        await browser.GoAsync(Authorization());
        await browser.SubmitAsync(("username", "newcomer"), ("password", RealmText.Password));
        Assert.Contains("You need to change your password to activate your account.", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync(("password-new", "short"), ("password-confirm", "short"));
        Assert.Contains("Invalid password: minimum length 12.", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync(("password-new", "my-own-password-1"), ("password-confirm", "another-password-1"));
        Assert.Contains("Passwords don&#x27;t match.", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync(("password-new", "my-own-password-1"), ("password-confirm", "my-own-password-1"));

        Assert.Equal(200, (await ExchangeAsync()).Status);
        Assert.Equal(200, (await keycloak.PasswordAsync("newcomer", "my-own-password-1")).Status);
        Assert.Equal(400, (await keycloak.PasswordAsync("newcomer")).Status);
    }

    [Fact]
    public async Task Whoever_lacks_names_and_address_completes_them()
    {
        await browser.GoAsync(Authorization());
        await browser.SubmitAsync(("username", "nameless"), ("password", RealmText.Password));
        Assert.Contains("Update Account Information", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync(("email", "n@ledger.test"), ("firstName", "Nora"), ("lastName", "Named"));

        Assert.Equal("Nora Named", Text(KeycloakUnderTest.Claims((await ExchangeAsync()).Body), "name"));
    }

    [Fact]
    public async Task A_disabled_user_is_told_so_only_with_the_right_password()
    {
        await browser.GoAsync(Authorization());
        await browser.SubmitAsync(("username", "gone"), ("password", "wrong-password-1"));
        Assert.DoesNotContain("disabled", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync(("username", "gone"), ("password", RealmText.Password));
        Assert.Contains("Account is disabled, contact your administrator.", browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_login_of_the_session_asks_nothing_and_says_so_in_acr()
    {
        await SignInAsync();
        var first = KeycloakUnderTest.Claims((await ExchangeAsync()).Body);
        keycloak.Time.Advance(TimeSpan.FromMinutes(1));
        await browser.GoAsync(Authorization());

        var second = KeycloakUnderTest.Claims((await ExchangeAsync()).Body);
        Assert.Equal(("0", Text(first, "sid")), (Text(second, "acr"), Text(second, "sid")));
        Assert.Equal(first.GetProperty("auth_time").GetInt64(), second.GetProperty("auth_time").GetInt64());
    }

    [Theory]
    [InlineData("&prompt=login", true)]
    [InlineData("&max_age=30", true)]
    [InlineData("&acr_values=2", true)]
    [InlineData("&max_age=90", false)]
    public async Task The_password_is_asked_for_again_where_the_client_wants_it(string more, bool asked)
    {
        await SignInAsync();
        keycloak.Time.Advance(TimeSpan.FromMinutes(1));
        await browser.GoAsync(Authorization(more));

        Assert.Equal(asked, browser.Left is null);
        if (!asked)
            return;
        Assert.DoesNotContain("name=\"username\"", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync(("password", RealmText.Password));
        var access = KeycloakUnderTest.Claims((await ExchangeAsync()).Body);
        Assert.Equal((Now, "1"), (access.GetProperty("auth_time").GetInt64(), Text(access, "acr")));
    }

    [Fact]
    public async Task A_login_that_ends_leaves_the_cookie_of_another_that_is_still_under_way_in_the_same_browser()
    {
        await browser.GoAsync(Authorization("&prompt=none")); // ended in an error: not under way
        await SignInAsync();
        Assert.False(browser.Cookies.ContainsKey("KC_RESTART"));

        await browser.GoAsync(Authorization("&prompt=login"));
        await browser.GoAsync(Authorization("&prompt=login"));
        await browser.SubmitAsync(("password", RealmText.Password));
        Assert.NotNull(browser.Left);
        Assert.True(browser.Cookies.ContainsKey("KC_RESTART"));

        keycloak.Time.Advance(TimeSpan.FromMinutes(31)); // the first can no longer be answered, and the session was idle too long
        await SignInAsync();
        Assert.False(browser.Cookies.ContainsKey("KC_RESTART"));
    }

    [Fact]
    public async Task Without_a_session_prompt_none_is_an_error_and_with_one_it_is_a_code()
    {
        await browser.GoAsync(Authorization("&prompt=none"));
        Assert.Equal("login_required", browser.Parameter("error"));
        await SignInAsync();
        await browser.GoAsync(Authorization("&prompt=none"));
        Assert.NotNull(browser.Parameter("code"));
    }

    [Fact]
    public async Task A_code_is_good_once_and_a_second_use_ends_what_came_of_the_first()
    {
        await SignInAsync();
        var (_, answer) = await ExchangeAsync();

        Assert.Equal("Code not valid", Text((await ExchangeAsync()).Body, "error_description"));
        Assert.Equal(401, (await keycloak.UserinfoAsync(answer.GetProperty("access_token").GetString()!)).Status);
    }

    [Theory]
    [InlineData("client_id=ledger-portal&code_verifier=another-verifier-of-forty-three-characters-0123",
        "PKCE verification failed: Code mismatch")]
    [InlineData("client_id=ledger-portal", "PKCE code verifier not specified")]
    [InlineData("client_id=ledger-portal&code_verifier=abcdefgh", "PKCE verification failed: Invalid code verifier")]
    [InlineData("client_id=direct&code_verifier=" + Verifier, "Auth error: Found different client_id in clientSession")]
    public async Task A_code_of_somebody_else_is_refused_and_spent(string form, string text)
    {
        await SignInAsync();
        var address = Uri.EscapeDataString(RealmText.Redirect);
        var (_, answer) = await keycloak.GrantAsync(
            $"grant_type=authorization_code&code={browser.Parameter("code")}&redirect_uri={address}&{form}");

        Assert.Equal(text, Text(answer, "error_description"));
        Assert.Equal(400, (await ExchangeAsync()).Status);
    }

    [Fact]
    public async Task A_code_is_good_for_a_minute()
    {
        await SignInAsync();
        keycloak.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("Code not valid", Text((await ExchangeAsync()).Body, "error_description"));
    }

    [Theory]
    [InlineData("redirect_uri=http%3A%2F%2F127.0.0.1%3A18190%2Fother", "Invalid parameter: redirect_uri")]
    [InlineData("client_id=nosuch", "Client not found.")]
    public async Task A_request_that_names_the_wrong_place_leads_to_a_page_and_nowhere_else(string change, string text)
    {
        var name = change.Split('=')[0];
        await browser.GoAsync(string.Join('&', Authorization().Split('&').Select(p => p.Contains($"{name}=", StringComparison.Ordinal)
            ? p[..p.IndexOf($"{name}=", StringComparison.Ordinal)] + change : p)));

        Assert.Null(browser.Left);
        Assert.Equal(400, browser.Status);
        Assert.Contains(text, browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_the_cookies_of_its_browser_is_nobodys()
    {
        await browser.GoAsync(Authorization());
        browser.Forget("AUTH_SESSION_ID");
        await browser.SubmitAsync(("username", "ada"), ("password", RealmText.Password));

        Assert.Equal(400, browser.Status);
        Assert.Contains("Restart login cookie not found.", browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_else_at_the_same_browser_has_a_session_of_their_own()
    {
        await SignInAsync();
        var (_, ada) = await ExchangeAsync();
        await browser.GoAsync(Authorization("&prompt=login"));
        await browser.GoAsync(WebUtility.HtmlDecode(browser.Page.Split("id=\"reset-login\" href=\"")[1].Split('"')[0]));
        await browser.SubmitAsync(("username", "newcomer"), ("password", RealmText.Password));
        await browser.SubmitAsync(("password-new", "my-own-password-1"), ("password-confirm", "my-own-password-1"));

        var (_, other) = await ExchangeAsync();
        Assert.NotEqual(Text(ada, "session_state"), Text(other, "session_state"));
        Assert.Equal(401, (await keycloak.UserinfoAsync(Text(ada, "access_token")!)).Status);
        Assert.Equal(200, (await keycloak.UserinfoAsync(Text(other, "access_token")!)).Status);
    }

    [Fact]
    public async Task Logging_out_with_the_id_token_goes_back_to_the_client_and_ends_the_session()
    {
        await SignInAsync();
        var (_, answer) = await ExchangeAsync();
        var back = Uri.EscapeDataString("http://127.0.0.1:18190/signed-out");
        await browser.GoAsync($"{Logout}?id_token_hint={Text(answer, "id_token")}&post_logout_redirect_uri={back}&state=bye");

        Assert.Equal("http://127.0.0.1:18190/signed-out?state=bye", browser.Left!.AbsoluteUri);
        var refreshed = await keycloak.GrantAsync(
            $"grant_type=refresh_token&client_id=ledger-portal&refresh_token={Text(answer, "refresh_token")}");
        Assert.Equal("Session not active", Text(refreshed.Body, "error_description"));
        await browser.GoAsync(Authorization("&prompt=none"));
        Assert.Equal("login_required", browser.Parameter("error"));
    }

    [Fact]
    public async Task Logging_out_without_a_hint_asks_first()
    {
        await SignInAsync();
        await browser.GoAsync($"{Logout}?client_id=ledger-portal");
        Assert.Contains("Do you want to log out?", browser.Page, StringComparison.Ordinal);
        await browser.GoAsync(Authorization("&prompt=none"));
        Assert.NotNull(browser.Parameter("code"));
        await browser.GoAsync($"{Logout}?client_id=ledger-portal");
        await browser.SubmitAsync();
        await browser.GoAsync(Authorization("&prompt=none"));
        Assert.Equal("login_required", browser.Parameter("error"));
    }

    [Theory]
    [InlineData("id_token_hint=not-a-token", "Invalid parameter: id_token_hint")]
    [InlineData("post_logout_redirect_uri=https%3A%2F%2Fevil.test", "Missing parameters: id_token_hint")]
    [InlineData("client_id=ledger-portal&post_logout_redirect_uri=https%3A%2F%2Fevil.test", "Invalid redirect uri")]
    public async Task Logging_out_leads_to_no_foreign_place(string query, string text)
    {
        await browser.GoAsync($"{Logout}?{query}");

        Assert.Equal((400, null), (browser.Status, browser.Left));
        Assert.Contains(text, browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_level_asks_for_its_one_time_code_each_time_and_the_password_only_once()
    {
        await keycloak.DisposeAsync();
        await StartAsync(RealmText.Ledger.With("\"displayName\"", RealmText.Levels + "\"displayName\""));
        await SignInAsync("otto", "&acr_values=password");
        Assert.Equal("password", Text(KeycloakUnderTest.Claims((await ExchangeAsync()).Body), "acr"));
        for (var i = 0; i < 2; i++)
        {
            keycloak.Time.Advance(TimeSpan.FromMinutes(1));
            await browser.GoAsync(Authorization("&acr_values=otp"));
            Assert.Contains("name=\"otp\"", browser.Page, StringComparison.Ordinal);
            await browser.SubmitAsync(("otp", "000000"));
            Assert.Contains("Invalid authenticator code.", browser.Page, StringComparison.Ordinal);
            await browser.SubmitAsync(("otp", Totp.Of(RealmText.TotpKey, keycloak.Time.GetUtcNow())));
            var access = KeycloakUnderTest.Claims((await ExchangeAsync()).Body);
            Assert.Equal(("otp", Now), (Text(access, "acr"), access.GetProperty("auth_time").GetInt64()));
        }
        await browser.GoAsync(Authorization());
        Assert.Equal("password", Text(KeycloakUnderTest.Claims((await ExchangeAsync()).Body), "acr"));
        await browser.GoAsync(Authorization("&acr_values=otp&prompt=none"));
        Assert.Equal("login_required", browser.Parameter("error"));
    }

    [Fact]
    public async Task Whoever_lacks_a_device_for_the_level_sets_one_up_after_the_password_and_not_before()
    {
        await keycloak.DisposeAsync();
        await StartAsync(RealmText.Ledger.With("\"displayName\"", RealmText.Levels + "\"displayName\""));
        await browser.GoAsync(Authorization("&acr_values=otp"));
        var tail = browser.Page[browser.Page.IndexOf("tab_id=", StringComparison.Ordinal)..].Split('&')[0];
        await browser.GoAsync($"/realms/ledger/login-actions/required-action?execution=UPDATE_PASSWORD&{tail}");
        Assert.Contains("name=\"username\"", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync(("username", "ada"), ("password", RealmText.Password));
        Assert.Contains("Mobile Authenticator Setup", browser.Page, StringComparison.Ordinal);
        var key = browser.Page.Split("name=\"totpSecret\" value=\"")[1].Split('"')[0];
        await browser.SubmitAsync(("totp", "000000"));
        await browser.SubmitAsync(("totp", Totp.Of(key, keycloak.Time.GetUtcNow())));

        Assert.Equal("otp", Text(KeycloakUnderTest.Claims((await ExchangeAsync()).Body), "acr"));
    }

    private long Now => keycloak.Time.GetUtcNow().ToUnixTimeSeconds();

    private async Task StartAsync(string realm)
    {
        keycloak = await KeycloakUnderTest.StartAsync(realm);
        browser = new Browser(keycloak);
    }

    private async Task SignInAsync(string user = "ada", string more = "")
    {
        await browser.GoAsync(Authorization(more));
        await browser.SubmitAsync(("username", user), ("password", RealmText.Password));
        Assert.NotNull(browser.Parameter("code"));
    }

    private static string Authorization(string more = "")
    {
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));
        return $"/realms/ledger/protocol/openid-connect/auth?client_id=ledger-portal&response_type=code&scope=openid&state=s1"
            + $"&redirect_uri={Uri.EscapeDataString(RealmText.Redirect)}&code_challenge={challenge}&code_challenge_method=S256{more}";
    }

    private Task<(int Status, JsonElement Body)> ExchangeAsync() => keycloak.GrantAsync(
        "grant_type=authorization_code&client_id=ledger-portal"
        + $"&code={browser.Parameter("code")}&redirect_uri={Uri.EscapeDataString(RealmText.Redirect)}&code_verifier={Verifier}");

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
