using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Ledger.DevHost.Setup;

/// <summary>
/// A running Keycloak: tokens by client credentials from three clients of realm `ledger`, whose service accounts carry the realm role
/// and the claim `tenant`. Their secrets come from the environment.
/// </summary>
internal sealed class RealKeycloak(HttpClient http, Uri address, Func<string, string?> environment)
{
    public async Task<IdentityAccess> RunAsync(CancellationToken ct)
    {
        var discovery = await ReadAsync(() => http.GetAsync(Realm("/.well-known/openid-configuration"), ct), "its discovery document", ct);
        var tokens = new DeveloperTokens(
            await TokenAsync("ledger-demo-tech", "LEDGER_DEMO_TECH_SECRET", ct),
            await TokenAsync("ledger-other-tech", "LEDGER_OTHER_TECH_SECRET", ct),
            await TokenAsync("ledger-demo-admin", "LEDGER_DEMO_ADMIN_SECRET", ct),
            PlatformAdmin: null);
        return new IdentityAccess(address, Text(discovery, "issuer"), PlatformIssuer: null, tokens);
    }

    private async Task<string> TokenAsync(string client, string secretVariable, CancellationToken ct)
    {
        var secret = environment(secretVariable)
            ?? throw new SetupFailed($"--keycloak: set {secretVariable} to the secret of client {client} in realm {IdentityAccess.Realm}");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["client_secret"] = secret,
        });
        var endpoint = Realm("/protocol/openid-connect/token");
        return Text(await ReadAsync(() => http.PostAsync(endpoint, form, ct), $"a token for {client}", ct), "access_token");
    }

    private async Task<JsonObject> ReadAsync(Func<Task<HttpResponseMessage>> send, string what, CancellationToken ct)
    {
        try
        {
            using var answer = await send();
            if (!answer.IsSuccessStatusCode)
            {
                var why = await answer.Content.ReadAsStringAsync(ct);
                throw new SetupFailed($"Keycloak at {address} refused {what}: {(int)answer.StatusCode} {why}");
            }
            return await answer.Content.ReadFromJsonAsync<JsonObject>(ct) ?? [];
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException)
        {
            throw new SetupFailed($"cannot get {what} from Keycloak at {address}: {e.Message}", e);
        }
    }

    private Uri Realm(string path) => new(address, $"/realms/{IdentityAccess.Realm}{path}");

    private string Text(JsonObject answer, string name) =>
        answer[name]?.GetValue<string>() ?? throw new SetupFailed($"Keycloak at {address} answered without {name}");
}
