using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Ledger.DevHost.Setup;

/// <summary>
/// A running Keycloak: tokens by client credentials from clients whose service accounts carry the realm role and the claim `tenant`. Their
/// secrets come from the environment; of realm `ledger-platform` and of the optional ones only what has a secret there is used.
/// </summary>
internal sealed class RealKeycloak(HttpClient http, Uri address, Func<string, string?> environment)
{
    public async Task<IdentityAccess> RunAsync(CancellationToken ct)
    {
        var issuer = await IssuerAsync(IdentityAccess.Realm, ct);
        var tokens = new DeveloperTokens(
            await TokenAsync("ledger-demo-tech", "LEDGER_DEMO_TECH_SECRET", ct),
            await TokenAsync("ledger-other-tech", "LEDGER_OTHER_TECH_SECRET", ct),
            await TokenAsync("ledger-demo-admin", "LEDGER_DEMO_ADMIN_SECRET", ct),
            await TokenOrNoneAsync(IdentityAccess.Realm, "ledger-demo-auditor", "LEDGER_DEMO_AUDITOR_SECRET", ct),
            await TokenOrNoneAsync(IdentityAccess.PlatformRealm, "ledger-platform-admin", "LEDGER_PLATFORM_ADMIN_SECRET", ct),
            await TokenOrNoneAsync(IdentityAccess.PlatformRealm, "ledger-platform-billing", "LEDGER_PLATFORM_BILLING_SECRET", ct));
        var platformSecret = environment("LEDGER_PLATFORM_WORKERS_SECRET");
        var platform = tokens.PlatformAdmin is not null || platformSecret is not null
            ? await IssuerAsync(IdentityAccess.PlatformRealm, ct) : null;
        return new IdentityAccess(address, issuer, platform, tokens)
        {
            WorkersSecret = environment("LEDGER_WORKERS_SECRET"),
            PlatformSecret = platformSecret,
        };
    }

    private async Task<string> IssuerAsync(string realm, CancellationToken ct)
    {
        var metadata = Realm(realm, "/.well-known/openid-configuration");
        return Text(await ReadAsync(() => http.GetAsync(metadata, ct), $"the discovery document of realm {realm}", ct), "issuer");
    }

    private Task<string> TokenAsync(string client, string secretVariable, CancellationToken ct) =>
        TokenAsync(IdentityAccess.Realm, client, environment(secretVariable)
            ?? throw new SetupFailed($"--keycloak: set {secretVariable} to the secret of client {client} in realm {IdentityAccess.Realm}"),
            ct);

    private async Task<string?> TokenOrNoneAsync(string realm, string client, string secretVariable, CancellationToken ct) =>
        environment(secretVariable) is { } secret ? await TokenAsync(realm, client, secret, ct) : null;

    private async Task<string> TokenAsync(string realm, string client, string secret, CancellationToken ct)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["client_secret"] = secret,
        });
        var endpoint = Realm(realm, "/protocol/openid-connect/token");
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

    private Uri Realm(string realm, string path) => new(address, $"/realms/{realm}{path}");

    private string Text(JsonObject answer, string name) =>
        answer[name]?.GetValue<string>() ?? throw new SetupFailed($"Keycloak at {address} answered without {name}");
}
