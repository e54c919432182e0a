using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.DevHost.Setup;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Realms;

/// <summary>The realm files, imported as a Keycloak imports them, and what their clients then get.</summary>
public sealed class RealmImportsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_realms_are_imported_and_their_service_accounts_get_the_tokens_they_are_for(bool development)
    {
        await using var keycloak = await StartAsync(development, static name => name.Contains("URL", StringComparison.Ordinal) ? null
            : name == "LEDGER_MACHINE_TENANT" ? "acme" : $"{name}-1-long-enough");

        var machine = await ClaimsAsync(keycloak, "ledger", "ledger-machine", "LEDGER_MACHINE_SECRET-1-long-enough");
        Assert.Equal("ledger-api", machine["aud"]!.GetValue<string>());
        Assert.Equal("acme", machine["tenant"]!.GetValue<string>());
        Assert.Equal(["entries:read", "entries:write"],
            RealmFile.Strings(machine["realm_access"]!["roles"]).Where(static role => role.Contains(':')).Order());
        Assert.Equal(300, machine["exp"]!.GetValue<long>() - machine["iat"]!.GetValue<long>());

        var workers = await ClaimsAsync(keycloak, "ledger", "ledger-workers", "LEDGER_WORKERS_SECRET-1-long-enough");
        Assert.Null(workers["tenant"]);
        Assert.Contains("manage-users", RealmFile.Strings(workers["resource_access"]!["realm-management"]!["roles"]));
        Assert.DoesNotContain("manage-realm", workers.ToJsonString(), StringComparison.Ordinal);

        var platform = await ClaimsAsync(
            keycloak, "ledger-platform", "ledger-platform-workers", "LEDGER_PLATFORM_WORKERS_SECRET-1-long-enough");
        Assert.Equal("ledger-api", platform["aud"]!.GetValue<string>());
        Assert.DoesNotContain("PLATFORM_ADMIN", platform.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("realm-management", platform.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_was_not_set_is_its_own_placeholder_and_that_is_a_secret_everybody_knows()
    {
        await using var keycloak = await StartAsync(development: false, static _ => null);

        var claims = await ClaimsAsync(keycloak, "ledger", "ledger-machine", "${LEDGER_MACHINE_SECRET}");

        Assert.Equal("${LEDGER_MACHINE_TENANT}", claims["tenant"]!.GetValue<string>()); // no tenant's id: the API refuses it
    }

    [Fact]
    public async Task The_workers_may_administer_people_and_nothing_else()
    {
        await using var keycloak = await StartAsync(development: true, static name => $"{name}-1-long-enough");
        var token = await TokenAsync(keycloak, "ledger", "ledger-workers", "LEDGER_WORKERS_SECRET-1-long-enough");

        Assert.Equal(HttpStatusCode.OK, await AdminAsync(keycloak, "/admin/realms/ledger/users?max=1", token));
        Assert.Equal(HttpStatusCode.Forbidden, await AdminAsync(keycloak, "/admin/realms/ledger/clients", token));
        Assert.NotEqual(HttpStatusCode.OK, await AdminAsync(keycloak, "/admin/realms/ledger-platform/users?max=1", token));
    }

    private Task<KeycloakEmulator> StartAsync(bool development, Func<string, string?> environment) => KeycloakEmulator.StartAsync(
        new EmulatorOptions { StateDirectory = _folder["keycloak"] },
        new KeycloakOptions
        {
            RealmsDirectory = development ? RealmFiles.Development : RealmFiles.Folder, Environment = environment,
        },
        CancellationToken.None);

    private async Task<HttpStatusCode> AdminAsync(KeycloakEmulator keycloak, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(keycloak.Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<JsonObject> ClaimsAsync(KeycloakEmulator keycloak, string realm, string client, string secret)
    {
        var body = (await TokenAsync(keycloak, realm, client, secret)).Split('.')[1].Replace('-', '+').Replace('_', '/');
        var bytes = Convert.FromBase64String(body.PadRight((body.Length + 3) / 4 * 4, '='));
        return JsonNode.Parse(Encoding.UTF8.GetString(bytes))!.AsObject();
    }

    private async Task<string> TokenAsync(KeycloakEmulator keycloak, string realm, string client, string secret)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = secret,
        });
        using var answer = await _http.PostAsync(new Uri(keycloak.Address, $"/realms/{realm}/protocol/openid-connect/token"), form);
        var json = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.True(answer.IsSuccessStatusCode, json!.ToJsonString());
        return json["access_token"]!.GetValue<string>();
    }
}
