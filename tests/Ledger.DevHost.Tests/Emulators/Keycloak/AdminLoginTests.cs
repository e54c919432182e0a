namespace Ledger.DevHost.Tests.Emulators.Keycloak;

/// <summary>What the admin REST does to the logins of people.</summary>
public sealed class AdminLoginTests : IAsyncLifetime
{
    private const string Password = "a-new-password-9";

    private RecordedRealms realms = null!;
    private AdminClient workers = null!;
    private AdminClient setup = null!;
    private string id = null!;

    public async Task InitializeAsync()
    {
        realms = await RecordedRealms.StartAsync();
        workers = realms.Admin(await realms.ServiceTokenAsync("ledger-workers"));
        setup = realms.Admin(await realms.ServiceTokenAsync("ledger-setup"));
        id = await workers.IdOfAsync("demo-tech");
    }

    public async Task DisposeAsync()
    {
        workers.Dispose();
        setup.Dispose();
        await realms.DisposeAsync();
    }

    [Fact]
    public async Task A_temporary_password_must_be_changed_before_it_is_good_for_a_token()
    {
        await ResetAsync(Password, temporary: true);
        Assert.Equal("Account is not fully set up", await LoginAsync(Password));
        Assert.Equal("""["UPDATE_PASSWORD"]""", (await workers.UserAsync(id)).GetProperty("requiredActions").GetRawText());

        await ResetAsync(Password, temporary: false);

        Assert.Null(await LoginAsync(Password));
        Assert.Equal("Invalid user credentials", await LoginAsync(RecordedRealms.PasswordOf("demo-tech")));
    }

    [Theory]
    [InlineData("short1", "invalidPasswordMinLengthMessage")]
    [InlineData("long-enough-but-no-digit", "invalidPasswordMinDigitsMessage")]
    [InlineData("", "No password provided")]
    public async Task A_password_that_breaks_the_policy_is_refused(string password, string error)
    {
        var reply = await ResetAsync(password, temporary: false);

        Assert.Equal((400, error), (reply.Status, reply.Json.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Signing_somebody_out_ends_their_sessions_and_their_tokens()
    {
        var token = await realms.UserTokenAsync("demo-tech");
        Assert.Single((await workers.GetAsync($"users/{id}/sessions")).Json.EnumerateArray());
        Assert.Equal(200, await realms.UserinfoAsync(token));

        Assert.Equal(204, (await workers.SendAsync("POST", $"users/{id}/logout")).Status);

        Assert.Equal("[]", (await workers.GetAsync($"users/{id}/sessions")).Text);
        Assert.Equal(401, await realms.UserinfoAsync(token));
    }

    [Fact]
    public async Task A_lockout_is_seen_and_taken_back_by_enabling_or_by_clearing_it()
    {
        var status = $"attack-detection/brute-force/users/{id}";
        foreach (var (method, path, body) in new[] { ("DELETE", status, null), ("PUT", $"users/{id}", """{"enabled":true}""") })
        {
            for (var i = 0; i < 4; i++)
                await LoginAsync("wrong");
            Assert.Equal("Invalid user credentials", await LoginAsync(RecordedRealms.PasswordOf("demo-tech")));
            Assert.True((await workers.GetAsync(status)).Json.GetProperty("disabled").GetBoolean());

            Assert.Equal(204, (await workers.SendAsync(method, path, body)).Status);

            Assert.Equal(0, (await workers.GetAsync(status)).Json.GetProperty("numFailures").GetInt32());
            Assert.Null(await LoginAsync(RecordedRealms.PasswordOf("demo-tech")));
        }
    }

    [Fact]
    public async Task A_disabled_person_gets_no_token()
    {
        await workers.SendAsync("PUT", $"users/{id}", """{"enabled":false}""");

        Assert.Equal("Account disabled", await LoginAsync(RecordedRealms.PasswordOf("demo-tech")));
    }

    [Fact]
    public async Task A_link_is_made_once_and_goes_with_its_provider()
    {
        var links = $"users/{id}/federated-identity";
        const string body = """{"identityProvider":"demo-sso","userId":"ext-1","userName":"tess"}""";
        var provider = await setup.SendAsync("POST", "identity-provider/instances", """
            {"alias":"demo-sso","providerId":"oidc","config":{"clientSecret":"s"}}
            """);
        Assert.Equal(201, provider.Status);

        Assert.Equal(204, (await workers.SendAsync("POST", $"{links}/demo-sso", body)).Status);
        var again = await workers.SendAsync("POST", $"{links}/demo-sso", body);
        Assert.Equal("""409 {"errorMessage":"User is already linked with provider"}""", $"{again}");
        Assert.Equal($"[{body}]", (await workers.GetAsync(links)).Text);
        var linked = (await workers.GetAsync("users?idpAlias=demo-sso&idpUserId=ext-1")).Json[0];
        Assert.Equal("demo-tech", linked.GetProperty("username").GetString());
        Assert.DoesNotContain("\"s\"", (await setup.GetAsync("identity-provider/instances/demo-sso")).Text, StringComparison.Ordinal);

        Assert.Equal(204, (await setup.SendAsync("DELETE", "identity-provider/instances/demo-sso")).Status);

        Assert.Equal("[]", (await workers.GetAsync(links)).Text);
        Assert.Equal("""404 {"error":"Link not found"}""", $"{await workers.SendAsync("DELETE", $"{links}/demo-sso")}");
    }

    [Fact]
    public async Task A_link_with_an_unknown_provider_is_kept_but_not_shown_before_there_is_one()
    {
        var links = $"users/{id}/federated-identity";

        Assert.Equal(204, (await workers.SendAsync("POST", $"{links}/later", """{"userId":"ext-1"}""")).Status);
        Assert.Equal("[]", (await workers.GetAsync(links)).Text);
        await setup.SendAsync("POST", "identity-provider/instances", """{"alias":"later","providerId":"oidc"}""");

        Assert.Equal("""[{"identityProvider":"later","userId":"ext-1"}]""", (await workers.GetAsync(links)).Text);
    }

    private Task<AdminReply> ResetAsync(string password, bool temporary) => workers.SendAsync("PUT", $"users/{id}/reset-password",
        $$"""{"type":"password","value":"{{password}}","temporary":{{(temporary ? "true" : "false")}}}""");

    /// <returns>Null: there is a token.</returns>
    private async Task<string?> LoginAsync(string password)
    {
        var (status, body) = await realms.AskTokenAsync("ledger", new()
        {
            ["grant_type"] = "password", ["client_id"] = "ledger-direct", ["username"] = "demo-tech", ["password"] = password,
        });
        return status == 200 ? null : body.GetProperty("error_description").GetString();
    }
}
