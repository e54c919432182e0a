namespace Ledger.DevHost.Tests.Emulators.Keycloak;

public sealed class GrantTests : IAsyncLifetime
{
    private KeycloakUnderTest keycloak = null!;

    public async Task InitializeAsync() => keycloak = await KeycloakUnderTest.StartAsync();

    public async Task DisposeAsync() => await keycloak.DisposeAsync();

    [Fact]
    public async Task Tokens_of_the_password_grant_have_the_claims_in_the_recorded_order()
    {
        var (status, answer) = await keycloak.PasswordAsync("ADA@ledger.test");

        Assert.Equal(200, status);
        Assert.Equal("access_token expires_in refresh_expires_in refresh_token token_type id_token not-before-policy session_state scope",
            KeycloakUnderTest.Names(answer));
        var access = KeycloakUnderTest.Claims(answer);
        Assert.Equal("exp iat jti iss aud sub typ azp sid acr realm_access resource_access scope email_verified name preferred_username "
            + "given_name family_name email", KeycloakUnderTest.Names(access));
        Assert.StartsWith("onrtro:", access.GetProperty("jti").GetString(), StringComparison.Ordinal);
        Assert.Equal("account", access.GetProperty("aud").GetString());
        Assert.Equal(24, access.GetProperty("sid").GetString()!.Length);
        Assert.Equal("exp iat jti iss aud sub typ azp sid at_hash acr email_verified name preferred_username given_name family_name email",
            KeycloakUnderTest.Names(KeycloakUnderTest.Claims(answer, "id_token")));
        var refresh = KeycloakUnderTest.Claims(answer, "refresh_token");
        Assert.Equal("exp iat jti iss aud sub typ azp sid scope aud_x prov reuse_id", KeycloakUnderTest.Names(refresh));
        Assert.Equal("openid profile roles web-origins basic email acr", refresh.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_service_account_has_its_roles_and_what_they_are_composed_of()
    {
        var (_, answer) = await keycloak.GrantAsync("grant_type=client_credentials&client_id=workers&client_secret=secret-of-the-workers");

        var claims = KeycloakUnderTest.Claims(answer);
        Assert.Equal("""["view-users","query-users","query-groups"]""",
            claims.GetProperty("resource_access").GetProperty("realm-management").GetProperty("roles").GetRawText());
        Assert.Equal("""["realm-management","account"]""", claims.GetProperty("aud").GetRawText());
        Assert.False(claims.TryGetProperty("sid", out _));
    }

    [Theory]
    [InlineData("ada", "wrong-password-1", 400, "invalid_grant", "Invalid user credentials")]
    [InlineData("nobody", RealmText.Password, 400, "invalid_grant", "Invalid user credentials")]
    [InlineData("gone", RealmText.Password, 400, "invalid_grant", "Account disabled")]
    [InlineData("gone", "wrong-password-1", 400, "invalid_grant", "Invalid user credentials")]
    [InlineData("newcomer", RealmText.Password, 400, "invalid_grant", "Account is not fully set up")]
    [InlineData("nameless", RealmText.Password, 400, "invalid_grant", "Account is not fully set up")]
    [InlineData("otto", RealmText.Password, 400, "invalid_grant", "Invalid user credentials")]
    [InlineData("", RealmText.Password, 401, "invalid_request", "Missing parameter: username")]
    [InlineData("service-account-workers", RealmText.Password, 400, "invalid_grant", "Invalid user credentials")]
    public async Task A_refusal_says_what_the_real_one_says(string user, string password, int status, string error, string text)
    {
        var (got, answer) = await keycloak.PasswordAsync(user, password);

        Assert.Equal((status, error), (got, answer.GetProperty("error").GetString()));
        Assert.Equal(text, answer.GetProperty("error_description").GetString());
    }

    [Fact]
    public async Task A_one_time_code_lets_in_and_an_old_one_does_not()
    {
        var code = Totp.Of(RealmText.TotpKey, keycloak.Time.GetUtcNow());

        Assert.Equal(200, (await keycloak.PasswordAsync("otto", more: $"&totp={code}")).Status);
        keycloak.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(400, (await keycloak.PasswordAsync("otto", more: $"&totp={code}")).Status);
    }

    [Fact]
    public async Task Roles_outside_the_clients_scope_are_not_in_its_tokens()
    {
        await using var narrow = await KeycloakUnderTest.StartAsync(RealmText.Ledger.With(
            "\"clientId\": \"direct\",", "\"clientId\": \"direct\", \"fullScopeAllowed\": false,"));

        var claims = KeycloakUnderTest.Claims((await narrow.PasswordAsync("ada")).Body);

        Assert.False(claims.TryGetProperty("realm_access", out _));
        Assert.False(claims.TryGetProperty("aud", out _));
    }

    [Fact]
    public async Task Four_wrong_passwords_lock_a_user_for_a_minute()
    {
        for (var i = 0; i < 4; i++)
            await keycloak.PasswordAsync("ada", "wrong-password-1");

        Assert.Equal(400, (await keycloak.PasswordAsync("ada")).Status);
        keycloak.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(400, (await keycloak.PasswordAsync("ada")).Status);
        keycloak.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, (await keycloak.PasswordAsync("ada")).Status);
    }

    [Fact]
    public async Task With_permanent_lockout_no_waiting_helps()
    {
        await using var strict = await KeycloakUnderTest.StartAsync(RealmText.Ledger.With(
            "\"bruteForceProtected\": true,", "\"bruteForceProtected\": true, \"permanentLockout\": true,"));
        for (var i = 0; i < 4; i++)
            await strict.PasswordAsync("ada", "wrong-password-1");
        strict.Time.Advance(TimeSpan.FromDays(1));

        var (status, answer) = await strict.PasswordAsync("ada");

        Assert.Equal((400, "Invalid user credentials"), (status, answer.GetProperty("error_description").GetString()));
    }

    [Fact]
    public async Task A_right_password_before_the_lock_starts_the_count_again()
    {
        for (var i = 0; i < 3; i++)
            await keycloak.PasswordAsync("ada", "wrong-password-1");
        await keycloak.PasswordAsync("ada");
        for (var i = 0; i < 3; i++)
            await keycloak.PasswordAsync("ada", "wrong-password-1");

        Assert.Equal(200, (await keycloak.PasswordAsync("ada")).Status);
    }

    [Fact]
    public async Task A_script_of_a_foreign_origin_gets_no_token()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/realms/ledger/protocol/openid-connect/token");
        request.Headers.Add("Origin", "https://evil.test");
        request.Content = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("client_id", "ledger-portal")]);
        using var answer = await keycloak.Http.SendAsync(request);

        Assert.Equal((403, """{"error":"Invalid origin"}"""), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }
}
