using System.Net.Http.Json;
using System.Text.Json;

namespace Ledger.AppHost.Commands;

/// <summary>A token of client <c>ledger-machine</c>, which reads and writes tenant demo's entries:
/// <c>{"access_token":"eyJ…","expires_in":300,…}</c>.</summary>
internal sealed class MachineToken(ReferenceExpression keycloak, ParameterResource secret)
{
    /// <exception cref="HttpRequestException">Keycloak cannot be reached, or gives none.</exception>
    public async Task<string> GetAsync(HttpClient http, CancellationToken cancel)
    {
        var address = await keycloak.GetValueAsync(cancel);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "ledger-machine",
            ["client_secret"] = await secret.GetValueAsync(cancel) ?? "",
        });
        using var answer = await http.PostAsync(new Uri($"{address}/realms/ledger/protocol/openid-connect/token"), form, cancel);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"Keycloak answered {(int)answer.StatusCode} to client ledger-machine");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("access_token").GetString()!;
    }
}
