using System.Text.Json;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

public sealed class RefreshTests : IAsyncLifetime
{
    private KeycloakUnderTest keycloak = null!;

    public async Task InitializeAsync() => keycloak = await KeycloakUnderTest.StartAsync();

    public async Task DisposeAsync() => await keycloak.DisposeAsync();

    [Fact]
    public async Task A_refresh_gives_a_new_token_of_the_same_session()
    {
        var (_, first) = await keycloak.PasswordAsync("ada");
        var (status, second) = await RefreshAsync(first);

        Assert.Equal(200, status);
        Assert.StartsWith("onrtrt:", KeycloakUnderTest.Claims(second).GetProperty("jti").GetString(), StringComparison.Ordinal);
        Assert.Equal(first.GetProperty("session_state").GetString(), second.GetProperty("session_state").GetString());
        Assert.Equal(
            KeycloakUnderTest.Claims(first, "refresh_token").GetProperty("reuse_id").GetString(),
            KeycloakUnderTest.Claims(second, "refresh_token").GetProperty("reuse_id").GetString());
    }

    [Fact]
    public async Task A_refresh_token_used_twice_ends_the_newer_one_and_the_access_token_too()
    {
        var (_, first) = await keycloak.PasswordAsync("ada");
        var (_, second) = await RefreshAsync(first);

        Assert.Equal("Maximum allowed refresh token reuse exceeded", Text(await RefreshAsync(first)));
        Assert.Equal("Session doesn't have required client", Text(await RefreshAsync(second)));
        Assert.Contains("user_session_not_found", (await keycloak.UserinfoAsync(Access(second))).Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_ends_when_nobody_refreshed_it_for_half_an_hour_and_not_before()
    {
        var (_, first) = await keycloak.PasswordAsync("ada");
        keycloak.Time.Advance(TimeSpan.FromMinutes(29));
        var (status, second) = await RefreshAsync(first);
        Assert.Equal(200, status);
        keycloak.Time.Advance(TimeSpan.FromMinutes(29));
        var (again, third) = await RefreshAsync(second);
        Assert.Equal(200, again);
        keycloak.Time.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal("Token is not active", Text(await RefreshAsync(third)));
    }

    [Theory]
    [InlineData("client_id=direct", "invalid_request", "No refresh token")]
    [InlineData("client_id=direct&refresh_token=not-a-token", "invalid_grant", "Invalid refresh token")]
    public async Task What_is_no_refresh_token_is_refused(string form, string error, string text)
    {
        var (status, answer) = await keycloak.GrantAsync($"grant_type=refresh_token&{form}");

        Assert.Equal((400, error, text), (status, answer.GetProperty("error").GetString(), Text((status, answer))));
    }

    [Fact]
    public async Task A_refresh_token_is_for_its_own_client()
    {
        var (_, answer) = await keycloak.PasswordAsync("ada");
        var other = await keycloak.GrantAsync(
            $"grant_type=refresh_token&client_id=ledger-portal&refresh_token={answer.GetProperty("refresh_token").GetString()}");

        Assert.Equal("Invalid refresh token. Token client and authorized client don't match", Text(other));
    }

    [Fact]
    public async Task Logging_out_with_the_refresh_token_ends_the_session_however_often_it_is_done()
    {
        var (_, answer) = await keycloak.PasswordAsync("ada");
        var form = $"client_id=direct&refresh_token={answer.GetProperty("refresh_token").GetString()}";

        Assert.Equal(204, (await keycloak.PostAsync("/realms/ledger/protocol/openid-connect/logout", form)).Status);
        Assert.Equal(204, (await keycloak.PostAsync("/realms/ledger/protocol/openid-connect/logout", form)).Status);
        Assert.Equal("Session not active", Text(await RefreshAsync(answer)));
        Assert.Equal(401, (await keycloak.UserinfoAsync(Access(answer))).Status);
    }

    [Fact]
    public async Task A_revoked_access_token_is_no_good_and_its_session_goes_on()
    {
        var (_, answer) = await keycloak.PasswordAsync("ada");

        Assert.Equal(200, (await keycloak.UserinfoAsync(Access(answer))).Status);
        await keycloak.PostAsync("/realms/ledger/protocol/openid-connect/revoke", $"client_id=direct&token={Access(answer)}");

        Assert.Contains("Token verification failed", (await keycloak.UserinfoAsync(Access(answer))).Challenge, StringComparison.Ordinal);
        Assert.Equal(200, (await RefreshAsync(answer)).Status);
    }

    [Fact]
    public async Task Revoking_garbage_is_an_error_with_status_200()
    {
        var (status, answer) = await keycloak.PostAsync(
            "/realms/ledger/protocol/openid-connect/revoke", "client_id=direct&token=not-a-token");

        Assert.Equal((200, "invalid_token"), (status, answer.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task After_a_rotation_new_tokens_have_a_new_key_and_old_ones_are_still_good()
    {
        var (_, before) = await keycloak.PasswordAsync("ada");

        keycloak.Emulator.RotateKeys("ledger");

        var (_, after) = await keycloak.PasswordAsync("ada");
        Assert.NotEqual(Access(before).Split('.')[0], Access(after).Split('.')[0]);
        Assert.Equal(200, (await keycloak.UserinfoAsync(Access(before))).Status);
        Assert.Equal(200, (await RefreshAsync(before)).Status);
        var jwks = JsonElement.Parse(await keycloak.Http.GetStringAsync("/realms/ledger/protocol/openid-connect/certs"));
        Assert.Equal(3, jwks.GetProperty("keys").GetArrayLength());
    }

    [Fact]
    public async Task Keys_can_be_rotated_from_outside_the_process()
    {
        using var rotated = await keycloak.Http.PostAsync("/emulator/keycloak/ledger/rotate-keys", null);
        using var unknown = await keycloak.Http.PostAsync("/emulator/keycloak/nosuch/rotate-keys", null);

        Assert.Equal((204, 404), ((int)rotated.StatusCode, (int)unknown.StatusCode));
        var jwks = JsonElement.Parse(await keycloak.Http.GetStringAsync("/realms/ledger/protocol/openid-connect/certs"));
        Assert.Equal(3, jwks.GetProperty("keys").GetArrayLength());
    }

    [Fact]
    public async Task Keys_and_subjects_survive_a_restart_and_sessions_do_not()
    {
        keycloak.Emulator.RotateKeys("ledger");
        var (_, before) = await keycloak.PasswordAsync("ada");

        await keycloak.StartAgainAsync();

        var (_, after) = await keycloak.PasswordAsync("ada");
        Assert.Equal(Access(before).Split('.')[0], Access(after).Split('.')[0]);
        var (subject, again) = (KeycloakUnderTest.Claims(before).GetProperty("sub"), KeycloakUnderTest.Claims(after).GetProperty("sub"));
        Assert.Equal(subject.GetString(), again.GetString());
        Assert.Equal("Session not active", Text(await RefreshAsync(before)));
    }

    private Task<(int Status, JsonElement Body)> RefreshAsync(JsonElement answer)
        => keycloak.GrantAsync(
            $"grant_type=refresh_token&client_id=direct&refresh_token={answer.GetProperty("refresh_token").GetString()}");

    private static string Access(JsonElement answer) => answer.GetProperty("access_token").GetString()!;

    private static string? Text((int Status, JsonElement Body) answer) => answer.Body.GetProperty("error_description").GetString();
}
