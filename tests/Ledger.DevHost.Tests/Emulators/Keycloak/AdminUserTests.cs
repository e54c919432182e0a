using System.Text.Json;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

public sealed class AdminUserTests : IAsyncLifetime
{
    private const string Ada = """
        {"username":"ada","email":"ada@ledger.test","firstName":"Ada","lastName":"Person","enabled":true,"emailVerified":true,
        "attributes":{"tenant":["demo"]}}
        """;

    private RecordedRealms realms = null!;
    private AdminClient workers = null!;

    public async Task InitializeAsync()
    {
        realms = await RecordedRealms.StartAsync();
        workers = realms.Admin(await realms.ServiceTokenAsync("ledger-workers"));
    }

    public async Task DisposeAsync()
    {
        workers.Dispose();
        await realms.DisposeAsync();
    }

    [Fact]
    public async Task A_put_without_email_erases_it_as_the_real_one_does()
    {
        var id = await workers.CreateAsync(Ada);

        var reply = await workers.SendAsync("PUT", $"users/{id}", """{"attributes":{"tenant":["other"]}}""");

        Assert.Equal(204, reply.Status);
        var user = await workers.UserAsync(id);
        foreach (var erased in new[] { "email", "firstName", "lastName" })
            Assert.False(user.TryGetProperty(erased, out _), erased);
        Assert.Equal("ada", user.GetProperty("username").GetString());
        Assert.Equal("""{"tenant":["other"]}""", user.GetProperty("attributes").GetRawText());
        Assert.True(user.GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task A_put_without_attributes_keeps_all_that_is_not_in_it()
    {
        var id = await workers.CreateAsync(Ada);
        var before = await workers.UserAsync(id);

        await workers.SendAsync("PUT", $"users/{id}", """{"enabled":false}""");

        Assert.Equal(before.GetRawText().Replace("\"enabled\":true", "\"enabled\":false", StringComparison.Ordinal),
            (await workers.UserAsync(id)).GetRawText());
    }

    [Fact]
    public async Task Whoever_writes_back_what_they_read_changes_nothing()
    {
        var id = await workers.CreateAsync(Ada);
        var before = (await workers.UserAsync(id)).GetRawText();

        var reply = await workers.SendAsync("PUT", $"users/{id}", before);

        Assert.Equal(204, reply.Status);
        Assert.Equal(before, (await workers.UserAsync(id)).GetRawText());
    }

    [Fact]
    public async Task An_attribute_that_the_profile_does_not_declare_is_dropped_without_a_word()
    {
        var id = await workers.CreateAsync("""{"username":"ada","attributes":{"tenant":["demo"],"shoe":["44"]}}""");

        Assert.Equal("""{"tenant":["demo"]}""", (await workers.UserAsync(id)).GetProperty("attributes").GetRawText());
    }

    [Fact]
    public async Task A_user_made_without_enabled_is_disabled()
    {
        var id = await workers.CreateAsync("""{"username":"someone"}""");

        Assert.False((await workers.UserAsync(id)).GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task Names_and_addresses_are_kept_in_lower_case_and_found_in_any()
    {
        var id = await workers.CreateAsync("""{"username":"Ada@Ledger.Test","email":"Ada@Ledger.Test","enabled":true}""");

        var user = await workers.UserAsync(id);
        Assert.Equal("ada@ledger.test", user.GetProperty("username").GetString());
        Assert.Equal("ada@ledger.test", user.GetProperty("email").GetString());
        Assert.Equal(id, await workers.IdOfAsync("ADA%40ledger.test"));
    }

    [Fact]
    public async Task Of_two_that_are_taken_the_email_is_named()
    {
        await workers.CreateAsync(Ada);

        Assert.Equal("""409 {"errorMessage":"User exists with same email"}""", $"{await workers.SendAsync("POST", "users", Ada)}");
        Assert.Equal("""409 {"errorMessage":"User exists with same username"}""",
            $"{await workers.SendAsync("POST", "users", Ada.Replace("ada@", "eda@", StringComparison.Ordinal))}");
    }

    [Fact]
    public async Task Several_faults_come_as_a_list_and_a_single_one_alone()
    {
        var one = await workers.SendAsync("POST", "users", """{"username":"ada","attributes":{"tenant":["Not A Tenant!"]}}""");
        var two = await workers.SendAsync("POST", "users", """{"username":"a","email":"nowhere"}""");

        Assert.Equal("""400 {"field":"tenant","errorMessage":"tenant-format","params":["tenant","^[a-z0-9-]+$"]}""", $"{one}");
        Assert.Equal(400, two.Status);
        Assert.Equal(["error-invalid-email", "error-invalid-length"],
            two.Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("errorMessage").GetString()));
    }

    [Theory]
    [InlineData("""{"username":"ada","nosuch":"x"}""", "line 1 column 29")]
    [InlineData("{\n\"nosuch\":true}", "line 2 column 14")]
    public async Task A_field_that_nobody_knows_is_refused_with_its_place(string body, string place)
    {
        var reply = await workers.SendAsync("POST", "users", body);

        Assert.Equal(400, reply.Status);
        var error = reply.Json.GetProperty("error").GetString();
        Assert.EndsWith($" Unrecognized field \"nosuch\" at {place}.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_body_the_real_one_fails_and_so_does_this()
    {
        Assert.Equal(500, (await workers.SendAsync("POST", "users", "")).Status);
        Assert.Equal(415, (await workers.SendAsync("POST", "users", "username=x", "application/x-www-form-urlencoded")).Status);
        Assert.Equal(400, (await workers.SendAsync("POST", "users", "{")).Status);
    }

    [Theory]
    [InlineData("""{"email":"ada@ledger.test"}""", 201)]
    [InlineData("""{"email":"a.d-a+x@localhost"}""", 201)]
    [InlineData("""{"email":"ada@ledger..test"}""", 400)]
    [InlineData("""{"email":"ada ada@ledger.test"}""", 400)]
    [InlineData("""{"firstName":"Ada<b>"}""", 400)]
    [InlineData("""{"lastName":"O'Hara-Müller"}""", 201)]
    [InlineData("""{"attributes":{"tenant":"demo"}}""", 201)] // a text where a list belongs
    [InlineData("""{"attributes":{"tenant":["demo"],"tenant":["other"]}}""", 201)]
    [InlineData("""{"attributes":["demo"]}""", 400)]
    [InlineData("""{"enabled":"true"}""", 201)]
    [InlineData("""{"enabled":"yes"}""", 400)]
    [InlineData("""{"firstName":"\ud800"}""", 500)]
    public async Task Odd_values_are_taken_or_refused_as_the_real_one_would(string fields, int status)
        => Assert.Equal(status, (await workers.SendAsync("POST", "users", $$"""{"username":"ada",{{fields[1..]}}""")).Status);

    [Fact]
    public async Task A_refused_password_leaves_no_user_behind()
    {
        const string refusal = """
            400 {"error":"invalidPasswordMinLengthMessage","error_description":"Invalid password: minimum length 12."}
            """;

        var reply = await workers.SendAsync("POST", "users", """
            {"username":"ada","credentials":[{"type":"password","value":"short"}]}
            """);

        Assert.Equal(refusal, $"{reply}");
        Assert.Equal("[]", (await workers.GetAsync("users?username=ada&exact=true")).Text);
    }

    [Fact]
    public async Task Users_of_a_tenant_are_found_by_their_attribute_page_by_page()
    {
        await workers.CreateAsync(Ada);

        var all = await NamesAsync("users?q=tenant:demo");
        var pages = (await NamesAsync("users?q=tenant:demo&first=0&max=3")).Concat(await NamesAsync("users?q=tenant:demo&first=3&max=100"));

        Assert.Equal("ada", all[0]);
        Assert.Equal(all, pages);
        Assert.Equal($"{all.Length}", (await workers.GetAsync("users/count?q=tenant:demo")).Text);
        Assert.DoesNotContain("other-admin", all);
        Assert.Empty(await NamesAsync("users?q=tenant:demo%20tenant:other"));
        Assert.Equal(404, (await workers.GetAsync("users?first=abc")).Status);
    }

    [Theory]
    [InlineData("search=Otto", "other-admin")] // the beginning of a name
    [InlineData("search=tto", "")]
    [InlineData("search=*tto", "other-admin")]
    [InlineData("search=%22other-admin%22", "other-admin")]
    [InlineData("username=her-ad", "other-admin")] // anywhere in it
    [InlineData("username=her-ad&exact=true", "")]
    [InlineData("username=OTHER-ADMIN&exact=true", "other-admin")]
    [InlineData("enabled=false", "demo-disabled")]
    [InlineData("username=service-account&max=1", "service-account-ledger-setup")] // found by a filter, hidden without
    [InlineData("search=service-account", "")]
    public async Task Filters_find_what_they_find_in_the_real_one(string query, string found)
        => Assert.Equal(found, string.Join(' ', await NamesAsync($"users?{query}")));

    [Fact]
    public async Task A_deleted_user_is_gone_with_their_sessions()
    {
        var token = await realms.UserTokenAsync("demo-tech");
        var id = await workers.IdOfAsync("demo-tech");

        Assert.Equal(204, (await workers.SendAsync("DELETE", $"users/{id}")).Status);

        Assert.Equal("""404 {"error":"User not found"}""", $"{await workers.SendAsync("DELETE", $"users/{id}")}");
        Assert.Equal(401, await realms.UserinfoAsync(token));
    }

    private async Task<string[]> NamesAsync(string path) => [.. (await workers.GetAsync(path)).Json.EnumerateArray()
        .Select((JsonElement u) => u.GetProperty("username").GetString()!)];
}
