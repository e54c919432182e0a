using Ledger.Core.Jobs;
using Ledger.Core.People;
using Ledger.Testing.Time;
using Polly;

namespace Ledger.Core.Tests.People;

/// <summary>The client: tokens, refusals in each of their shapes, answers that are none.</summary>
public sealed class KeycloakAdminTests : IDisposable
{
    private readonly FakeKeycloak keycloak = new();
    private readonly ManualTime time = new();

    public void Dispose() => keycloak.Dispose();

    [Fact]
    public async Task A_token_serves_until_shortly_before_it_expires()
    {
        var admin = Admin();
        await admin.FindAsync("x", default);
        time.Advance(TimeSpan.FromSeconds(279));
        await admin.FindAsync("x", default);
        Assert.Equal(1, keycloak.Tokens);
        time.Advance(TimeSpan.FromSeconds(1));
        await admin.FindAsync("x", default);
        Assert.Equal(2, keycloak.Tokens);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_fetched_anew_once()
    {
        var admin = Admin();
        await admin.FindAsync("x", default);
        keycloak.Accepted = "another"; // Keycloak restarted
        Assert.Null(await admin.FindAsync("x", default));
        Assert.Equal(2, keycloak.Tokens);

        keycloak.Instead = request => request.RequestUri!.AbsolutePath.StartsWith("/admin", StringComparison.Ordinal)
            ? FakeKeycloak.Json(401, """{"error":"HTTP 401 Unauthorized"}""") : null;
        var refused = await Assert.ThrowsAsync<KeycloakException>(() => admin.FindAsync("x", default));
        Assert.Equal((JobErrorClass.Config, 401, 3), (refused.Class, refused.Status, keycloak.Tokens));
    }

    [Theory]
    [InlineData(400, """{"field":"email","errorMessage":"error-invalid-email","params":["email","ada@example.com"]}""",
        JobErrorClass.Config,
        "400 error-invalid-email email")]
    [InlineData(400, """{"error":"invalidPasswordMinLengthMessage","error_description":"Invalid password: minimum length 12."}""",
        JobErrorClass.Config,
        "400 invalidPasswordMinLengthMessage Invalid password: minimum length 12.")]
    [InlineData(403, """{"error":"HTTP 403 Forbidden"}""", JobErrorClass.Config, "403 HTTP 403 Forbidden")]
    [InlineData(404, """{"error":"User not found"}""", JobErrorClass.Config, "404 User not found")]
    [InlineData(429, "", JobErrorClass.Network, "429")]
    [InlineData(500, """{"error":"unknown_error"}""", JobErrorClass.Network, "500 unknown_error")]
    [InlineData(503, "<html>down</html>", JobErrorClass.Network, "503")]
    [InlineData(302, "", JobErrorClass.Config, "302")]
    [InlineData(403, "<html>maintenance</html>", JobErrorClass.Network, "403 not of Keycloak")]
    [InlineData(404, "", JobErrorClass.Network, "404 not of Keycloak")]
    [InlineData(404, "[]", JobErrorClass.Network, "404 not of Keycloak")]
    [InlineData(404, """{"message":"no Route matched with those values"}""", JobErrorClass.Network, "404 not of Keycloak")]
    [InlineData(401, "<html>sign in</html>", JobErrorClass.Network, "401 not of Keycloak")]
    public async Task A_refusal_is_the_operators_and_an_absent_server_is_nobodys(int status, string body, object errorClass, string text)
    {
        keycloak.Instead = request => request.Method == HttpMethod.Put ? FakeKeycloak.Json(status, body) : null;
        var refused = await Assert.ThrowsAsync<KeycloakException>(() => Admin().SetTemporaryPasswordAsync("x", "p", default));
        Assert.Equal(errorClass, refused.Class);
        Assert.Equal("set temporary password: " + text, refused.Message);
    }

    [Fact]
    public async Task What_a_proxy_says_of_a_user_is_not_taken_for_Keycloaks_word()
    {
        keycloak.Instead = request => request.RequestUri!.AbsolutePath.StartsWith("/admin", StringComparison.Ordinal)
            ? FakeKeycloak.Json(request.Method == HttpMethod.Post ? 409 : 404, "<html>not here</html>") : null;
        var admin = Admin();
        var user = new KeycloakUser("x", "u", "u@example.com", true, "U", "V", true, new Dictionary<string, string[]>());
        foreach (var call in new Func<Task>[]
                 {
                     () => admin.FindAsync("x", default), () => admin.DeleteAsync("x", default),
                     () => admin.RemoveLinkAsync("x", "sso", default),
                     () => admin.CreateAsync(user, default),
                 })
            Assert.Equal(JobErrorClass.Network, (await Assert.ThrowsAsync<KeycloakException>(call)).Class);
    }

    [Theory]
    [InlineData("<html>", JobErrorClass.Network)]
    [InlineData("", JobErrorClass.Network)]
    [InlineData("""{"id":"a","id":"b","username":"u"}""", JobErrorClass.Network)]
    [InlineData("""{"id":"../x","username":"u"}""", JobErrorClass.Config)]
    [InlineData("""{"id":"a","username":7}""", JobErrorClass.Config)]
    [InlineData("""{"username":"u"}""", JobErrorClass.Config)]
    [InlineData("[]", JobErrorClass.Config)]
    [InlineData("""{"id":"a","username":"u","attributes":{"tenant":"demo"}}""", JobErrorClass.Config)]
    public async Task An_answer_of_another_shape_is_not_guessed_at(string body, object errorClass)
    {
        keycloak.Instead = request => request.Method == HttpMethod.Get ? FakeKeycloak.Json(200, body) : null;
        Assert.Equal(errorClass, (await Assert.ThrowsAsync<KeycloakException>(() => Admin().FindAsync("x", default))).Class);
    }

    [Fact]
    public async Task A_wrong_secret_and_a_server_that_refuses_connections_are_told_apart()
    {
        var wrong = await Assert.ThrowsAsync<KeycloakException>(() => Admin(secret: "wrong").FindAsync("x", default));
        Assert.Equal((JobErrorClass.Config, 401), (wrong.Class, wrong.Status));
        Assert.DoesNotContain("wrong", wrong.Message, StringComparison.Ordinal);
        keycloak.IsDown = true;
        Assert.Equal(JobErrorClass.Network, (await Assert.ThrowsAsync<KeycloakException>(() => Admin().FindAsync("x", default))).Class);
    }

    [Fact]
    public async Task After_many_failures_a_call_is_answered_at_once_and_a_moment_later_it_is_tried()
    {
        var admin = Admin(KeycloakResilience.Create(time));
        keycloak.IsDown = true;
        for (var call = 0; call < 10; call++) await Assert.ThrowsAsync<KeycloakException>(() => admin.FindAsync("x", default));
        keycloak.IsDown = false;
        var spared = await Assert.ThrowsAsync<KeycloakException>(() => admin.FindAsync("x", default));
        Assert.Contains("not asked", spared.Message, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(await admin.FindAsync("x", default));
    }

    private KeycloakAdmin Admin(ResiliencePipeline? pipeline = null, string secret = "secret") => new(
        new HttpClient(keycloak, disposeHandler: false),
        new PeopleOptions { KeycloakAddress = new Uri("http://keycloak.test/"), ClientSecret = secret },
            pipeline ?? ResiliencePipeline.Empty, time);
}
