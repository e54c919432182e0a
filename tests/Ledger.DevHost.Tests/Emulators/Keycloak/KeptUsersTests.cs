namespace Ledger.DevHost.Tests.Emulators.Keycloak;

/// <summary>What of a realm's users outlives a restart, and what comes from the realm file again.</summary>
public sealed class KeptUsersTests : IAsyncLifetime
{
    private const string Chosen = "another-horse-2";
    private const string Code = "lgi_demo_0123456789";

    private static readonly string Realm = RealmText.Ledger
        .With("[\"view-users\"]", "[\"manage-users\"]")
        .With("\"roles\": {\"realm\"", """
            "identityProviders": [{"alias": "demo-sso", "providerId": "oidc"}], "roles": {"realm"
            """);

    private KeycloakUnderTest keycloak = null!;

    public async Task InitializeAsync() => keycloak = await KeycloakUnderTest.StartAsync(Realm, keepUsers: true);

    public async Task DisposeAsync() => await keycloak.DisposeAsync();

    [Fact]
    public async Task An_invited_person_is_there_after_a_restart_with_temporary_password_role_and_link()
    {
        string id, before, roles, links;
        using (var workers = await keycloak.WorkersAsync())
        {
            id = await workers.CreateAsync("""
                {"username":"eve@ledger.test","email":"eve@ledger.test","firstName":"Eve","lastName":"New","enabled":true,
                 "emailVerified":true}
                """);
            var free = (await workers.GetAsync($"users/{id}/role-mappings/realm/available")).Json.EnumerateArray();
            var role = free.Single(r => r.GetProperty("name").GetString() == "CLIENT_TECH").GetRawText();
            await OfAsync(204, workers, "POST", $"users/{id}/role-mappings/realm", $"[{role}]");
            await OfAsync(204, workers, "POST", $"users/{id}/federated-identity/demo-sso", """{"userId":"7","userName":"eve"}""");
            await OfAsync(204, workers, "PUT", $"users/{id}/reset-password",
                $$"""{"type":"password","value":"{{Code}}","temporary":true}""");
            (before, roles, links) = await AllOfAsync(workers, id);
        }

        await keycloak.StartAgainAsync();

        using var again = await keycloak.WorkersAsync();
        Assert.Equal((before, roles, links), await AllOfAsync(again, id));
        Assert.Contains("\"requiredActions\":[\"UPDATE_PASSWORD\"]", before, StringComparison.Ordinal);
        Assert.Contains("CLIENT_TECH", roles, StringComparison.Ordinal);
        Assert.Equal("""[{"identityProvider":"demo-sso","userId":"7","userName":"eve"}]""", links);
        Assert.Equal("Account is not fully set up", await RefusalAsync("eve@ledger.test", Code));
    }

    [Fact]
    public async Task A_password_chosen_on_the_login_page_is_the_password_after_a_restart()
    {
        var browser = new Browser(keycloak);
        await browser.GoAsync("/realms/ledger/protocol/openid-connect/auth?response_type=code&client_id=ledger-portal&scope=openid"
            + $"&redirect_uri={RealmText.Redirect}&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256");
        await browser.SubmitAsync(("username", "newcomer"), ("password", RealmText.Password));
        await browser.SubmitAsync(("password-new", Chosen), ("password-confirm", Chosen));
        Assert.NotNull(browser.Left);

        await keycloak.StartAgainAsync();

        Assert.Null(await RefusalAsync("newcomer", Chosen));
        Assert.Equal("Invalid user credentials", await RefusalAsync("newcomer", RealmText.Password));
    }

    [Fact]
    public async Task Who_was_disabled_or_removed_or_locked_out_stays_so()
    {
        using (var workers = await keycloak.WorkersAsync())
        {
            await OfAsync(204, workers, "PUT", $"users/{await workers.IdOfAsync("ada")}", """{"enabled":false}""");
            await OfAsync(204, workers, "DELETE", $"users/{await workers.IdOfAsync("gone")}");
        }
        for (var wrong = 0; wrong < 4; wrong++)
            await RefusalAsync("otto", "wrong");

        await keycloak.StartAgainAsync();

        Assert.Equal("Account disabled", await RefusalAsync("ada"));
        using var again = await keycloak.WorkersAsync();
        Assert.Equal("[]", (await again.GetAsync("users?username=gone&exact=true")).Text);
        var otto = (await again.GetAsync($"attack-detection/brute-force/users/{await again.IdOfAsync("otto")}")).Json;
        Assert.Equal((4, true), (otto.GetProperty("numFailures").GetInt32(), otto.GetProperty("disabled").GetBoolean()));
    }

    [Fact]
    public async Task Secrets_and_who_was_not_changed_follow_the_file_and_who_was_does_not()
    {
        using (var workers = await keycloak.WorkersAsync())
            await OfAsync(204, workers, "PUT", $"users/{await workers.IdOfAsync("newcomer")}", """{"firstName":"Nora"}""");
        await keycloak.WriteRealmAsync(Realm.With("\"${WORKERS_SECRET}\"", "\"another-secret\"")
            .With("\"firstName\": \"Ada\"", "\"firstName\": \"Augusta\"").With("\"firstName\": \"Nina\"", "\"firstName\": \"Nadia\""));

        await keycloak.StartAgainAsync();

        Assert.Equal("another-secret", keycloak.Emulator.ClientSecret("ledger", "workers"));
        Assert.Equal(("Augusta", "Nora"), (await NameAsync("ada"), await NameAsync("newcomer", RealmText.Password)));
    }

    [Fact]
    public async Task Of_two_users_of_one_name_the_one_in_use_stays_when_the_file_gets_another()
    {
        using (var workers = await keycloak.WorkersAsync())
        {
            await workers.CreateAsync($$"""
                {"username":"zoe","email":"zoe@ledger.test","firstName":"Zoe","lastName":"First","enabled":true,
                 "credentials":[{"type":"password","value":"{{Chosen}}"}]}
                """);
        }
        await keycloak.WriteRealmAsync(Realm.With("{\"username\": \"ada\"", """
            {"username": "zoe", "enabled": true, "email": "zoe2@ledger.test", "firstName": "Z", "lastName": "Second"},
            {"username": "ada"
            """));

        await keycloak.StartAgainAsync();

        Assert.Equal("Zoe", await NameAsync("zoe", Chosen));
    }

    [Fact]
    public async Task Reading_and_signing_in_write_nothing_and_what_is_written_is_the_owners_alone()
    {
        var file = keycloak.StateFile("ledger-users.json");
        using var workers = await keycloak.WorkersAsync();
        await workers.GetAsync("users");
        Assert.Null(await RefusalAsync("ada"));
        Assert.False(File.Exists(file));

        await RefusalAsync("ada", "wrong");
        var written = await File.ReadAllTextAsync(file);
        Assert.DoesNotContain("ada@ledger.test", written, StringComparison.Ordinal); // she is as the file has her; her failure is kept
        Assert.Contains("\"numFailures\": 1", written, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"users":[{"id":"x","userna""")]
    [InlineData("""{"users":null,"removed":[],"failures":{}}""")]
    [InlineData("""{"users":[{"id":"x","username":"y"}],"removed":[],"failures":{}}""")]
    public async Task A_damaged_file_is_named_and_never_taken_for_nobody(string content)
    {
        var file = keycloak.StateFile("ledger-users.json");
        await File.WriteAllTextAsync(file, content);

        var fault = await Assert.ThrowsAsync<InvalidDataException>(keycloak.StartAgainAsync);

        Assert.StartsWith($"{file} is damaged: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Without_being_asked_to_keep_users_nothing_is_kept()
    {
        await using var forgetful = await KeycloakUnderTest.StartAsync(Realm);
        using (var workers = await forgetful.WorkersAsync())
            await OfAsync(204, workers, "DELETE", $"users/{await workers.IdOfAsync("gone")}");

        await forgetful.StartAgainAsync();

        using var again = await forgetful.WorkersAsync();
        Assert.NotEmpty(await again.IdOfAsync("gone"));
        Assert.False(File.Exists(forgetful.StateFile("ledger-users.json")));
    }

    private static async Task<(string User, string Roles, string Links)> AllOfAsync(AdminClient workers, string id) => (
        (await workers.GetAsync($"users/{id}")).Text, (await workers.GetAsync($"users/{id}/role-mappings/realm")).Text,
        (await workers.GetAsync($"users/{id}/federated-identity")).Text);

    private static async Task OfAsync(int status, AdminClient workers, string method, string path, string? body = null)
    {
        var reply = await workers.SendAsync(method, path, body);
        Assert.True(status == reply.Status, $"{reply}");
    }

    private async Task<string?> NameAsync(string user, string password = RealmText.Password)
    {
        using var workers = await keycloak.WorkersAsync();
        Assert.NotEqual("Invalid user credentials", await RefusalAsync(user, password));
        return (await workers.UserAsync(await workers.IdOfAsync(user))).GetProperty("firstName").GetString();
    }

    /// <returns>Null: there is a token.</returns>
    private async Task<string?> RefusalAsync(string user, string password = RealmText.Password)
    {
        var (status, answer) = await keycloak.PasswordAsync(user, password);
        return status == 200 ? null : answer.GetProperty("error_description").GetString();
    }
}
