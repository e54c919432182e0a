using System.Text.Json;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

public sealed class AdminRoleTests : IAsyncLifetime
{
    private RecordedRealms realms = null!;
    private AdminClient workers = null!;
    private AdminClient setup = null!;
    private string id = null!;

    public async Task InitializeAsync()
    {
        realms = await RecordedRealms.StartAsync();
        workers = realms.Admin(await realms.ServiceTokenAsync("ledger-workers"));
        setup = realms.Admin(await realms.ServiceTokenAsync("ledger-setup"));
        id = await workers.CreateAsync("""{"username":"ada","enabled":true,"realmRoles":["CLIENT_ADMIN"]}""");
    }

    public async Task DisposeAsync()
    {
        workers.Dispose();
        setup.Dispose();
        await realms.DisposeAsync();
    }

    [Fact]
    public async Task A_created_user_has_the_default_role_alone_whatever_the_body_asks()
        => Assert.Equal(["default-roles-ledger"], await RolesAsync());

    [Fact]
    public async Task A_role_is_mapped_by_its_name_and_id_together_and_twice_is_once()
    {
        var tech = await AvailableAsync("CLIENT_TECH");
        var mappings = $"users/{id}/role-mappings/realm";

        Assert.Equal("""404 {"error":"Role not found"}""", $"{await workers.SendAsync("POST", mappings, """[{"name":"CLIENT_TECH"}]""")}");
        Assert.Equal(204, (await workers.SendAsync("POST", mappings, $"[{tech}]")).Status);
        Assert.Equal(204, (await workers.SendAsync("POST", mappings, $"[{tech}]")).Status);
        Assert.Equal(["CLIENT_TECH", "default-roles-ledger"], await RolesAsync());
        Assert.Contains("offline_access", (await workers.GetAsync($"{mappings}/composite")).Text, StringComparison.Ordinal);
        Assert.Equal(204, (await workers.SendAsync("DELETE", mappings, $"[{tech}]")).Status);
        Assert.Equal(["default-roles-ledger"], await RolesAsync());
    }

    [Fact]
    public async Task All_mappings_are_empty_for_whoever_may_not_read_roles()
    {
        Assert.Equal("200 {}", $"{await workers.GetAsync($"users/{id}/role-mappings")}");
        Assert.Equal("default-roles-ledger",
            (await setup.GetAsync($"users/{id}/role-mappings")).Json.GetProperty("realmMappings")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_list_with_one_unknown_role_maps_none_of_them()
    {
        var tech = await AvailableAsync("CLIENT_TECH");

        var reply = await workers.SendAsync("POST", $"users/{id}/role-mappings/realm", $$"""[{{tech}},{"id":"x","name":"NOSUCH"}]""");

        Assert.Equal(404, reply.Status);
        Assert.Equal(["default-roles-ledger"], await RolesAsync());
    }

    private async Task<string> AvailableAsync(string role)
        => (await workers.GetAsync($"users/{id}/role-mappings/realm/available")).Json.EnumerateArray()
            .Single(r => r.GetProperty("name").GetString() == role).GetRawText();

    private async Task<string[]> RolesAsync() => [.. (await workers.GetAsync($"users/{id}/role-mappings/realm")).Json.EnumerateArray()
        .Select((JsonElement r) => r.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];
}
