using System.Text;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

public sealed class AdminAccessTests : IAsyncLifetime
{
    private const string Nobody = "00000000-0000-4000-8000-000000000000";

    private RecordedRealms realms = null!;
    private string token = null!;
    private AdminClient workers = null!;
    private AdminClient setup = null!;

    public async Task InitializeAsync()
    {
        realms = await RecordedRealms.StartAsync();
        token = await realms.ServiceTokenAsync("ledger-workers");
        workers = realms.Admin(token);
        setup = realms.Admin(await realms.ServiceTokenAsync("ledger-setup"));
    }

    public async Task DisposeAsync()
    {
        workers.Dispose();
        setup.Dispose();
        await realms.DisposeAsync();
    }

    [Fact]
    public async Task Whatever_is_wrong_with_a_token_the_answer_is_the_same()
    {
        var (head, claims, signature) = token.Split('.') switch { var p => (p[0], p[1], p[2]) };
        var none = Convert.ToBase64String(Encoding.ASCII.GetBytes("""{"alg":"none"}""")).TrimEnd('=');
        string?[] bad =
            [null, "garbage", $"{none}.{claims}.", $"{head}.{claims[..^2]}AA.{signature}", $"{head}.{claims}.{signature[..^8]}AAAAAAAA"];
        foreach (var wrong in bad)
        {
            using var client = realms.Admin(wrong);
            Assert.Equal("""401 {"error":"HTTP 401 Unauthorized"}""", $"{await client.GetAsync("users")}");
        }
    }

    [Fact]
    public async Task A_token_that_its_client_revoked_administers_nothing_more()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = "ledger-workers", ["client_secret"] = RecordedRealms.Secret("LEDGER_WORKERS_SECRET"), ["token"] = token,
        });
        using var revoked = await realms.Http.PostAsync("/realms/ledger/protocol/openid-connect/revoke", form);

        Assert.Equal(200, (int)revoked.StatusCode);
        Assert.Equal("""401 {"error":"HTTP 401 Unauthorized"}""", $"{await workers.GetAsync("users")}");
    }

    [Fact]
    public async Task A_token_is_good_in_its_own_realm_alone()
    {
        using var there = realms.Admin(token, "ledger-platform");
        using var nowhere = realms.Admin(token, "nosuch");

        Assert.Equal("""403 {"error":"HTTP 403 Forbidden"}""", $"{await there.GetAsync("users")}");
        Assert.Equal("""404 {"error":"Realm not found."}""", $"{await nowhere.GetAsync("users")}");
    }

    [Fact]
    public async Task People_of_a_tenant_administer_nothing()
    {
        using var admin = realms.Admin(await realms.UserTokenAsync("demo-admin"));
        var id = await workers.IdOfAsync("demo-tech");

        string[] paths = ["users", "users/count", $"users/{id}", $"users/{Nobody}", "roles", "clients", "keys", ""];
        foreach (var path in paths)
            Assert.Equal(403, (await admin.GetAsync(path)).Status);
    }

    [Fact]
    public async Task The_workers_manage_users_and_nothing_else()
    {
        foreach (var path in new[] { "roles", "roles/CLIENT_TECH", "clients", "keys", "components", "identity-provider/instances" })
            Assert.Equal(403, (await workers.GetAsync(path)).Status);
        Assert.Equal(403, (await workers.SendAsync("POST", "components", "{}")).Status);
        Assert.Equal(403, (await workers.SendAsync("PUT", "", """{"displayName":"x"}""")).Status);
        Assert.Equal("ledger", (await workers.GetAsync("")).Json.GetProperty("realm").GetString());
        Assert.Equal("CLIENT_TECH", (await setup.GetAsync("roles/CLIENT_TECH")).Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_workers_cannot_make_themselves_administrators_of_the_realm()
    {
        var self = await workers.IdOfAsync("service-account-ledger-workers");
        var management = (await setup.GetAsync("clients?clientId=realm-management")).Json[0].GetProperty("id").GetString();
        var mappings = $"users/{self}/role-mappings/clients/{management}";
        var admin = (await setup.GetAsync($"{mappings}/available")).Json.EnumerateArray()
            .Single(r => r.GetProperty("name").GetString() == "realm-admin").GetRawText();

        Assert.Equal(403, (await workers.SendAsync("POST", mappings, $"[{admin}]")).Status);
        Assert.DoesNotContain("realm-admin", (await workers.GetAsync($"{mappings}/available")).Text, StringComparison.Ordinal);
        Assert.Equal(204, (await setup.SendAsync("POST", mappings, $"[{admin}]")).Status);
        Assert.Equal(200, (await workers.GetAsync("clients")).Status); // the same token: what is given counts at once
    }

    [Fact]
    public async Task A_page_of_a_foreign_origin_gets_nothing_although_its_preflight_passes()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/admin/realms/ledger/users");
        preflight.Headers.Add("Origin", "https://evil.test");
        using var passed = await realms.Http.SendAsync(preflight);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/realms/ledger/users");
        request.Headers.Add("Origin", "https://evil.test");
        request.Headers.Add("Authorization", $"Bearer {token}");
        using var refused = await realms.Http.SendAsync(request);

        Assert.Equal((200, 403), ((int)passed.StatusCode, (int)refused.StatusCode));
        Assert.Equal("""{"error":"Invalid origin"}""", await refused.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unknown_user_is_not_found_before_anything_else_is_looked_at()
    {
        foreach (var method in new[] { "GET", "PUT", "DELETE", "PATCH" })
            Assert.Equal("""404 {"error":"User not found"}""", $"{await workers.SendAsync(method, $"users/{Nobody}")}");
        Assert.Equal(405, (await workers.SendAsync("PATCH", $"users/{await workers.IdOfAsync("demo-tech")}", "{}")).Status);
    }
}
