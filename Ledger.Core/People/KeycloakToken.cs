using System.Text.Json;

namespace Ledger.Core.People;

/// <summary>The access token of our service account, kept until shortly before it expires.</summary>
internal sealed class KeycloakToken(KeycloakHttp http, PeopleOptions options, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(20);

    private Kept? kept; // whole or not at all; two callers that fetch at once do no harm

    /// <param name="refused">A token that Keycloak refused just now: it is not the one that is returned.</param>
    /// <exception cref="KeycloakException"/>
    public async Task<string> FindAsync(string? refused, CancellationToken cancel)
    {
        if (kept is { } good && good.Text != refused && time.GetUtcNow() < good.Until) return good.Text;
        var asked = time.GetUtcNow();
        var (text, lifetime) = await FetchAsync(cancel);
        // A token that lives for less than two margins is used for half its life.
        kept = new Kept(text, asked + (lifetime > 2 * Margin ? lifetime - Margin : lifetime / 2));
        return text;
    }

    private async Task<(string Text, TimeSpan Lifetime)> FetchAsync(CancellationToken cancel)
    {
        const string what = "token of the service account";
        var answer = await http.SendAsync(HttpMethod.Post, $"realms/{options.Realm}/protocol/openid-connect/token", what, null, () =>
            new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = options.ClientId,
                ["client_secret"] = options.ClientSecret!,
            }), [200], cancel);
        return KeycloakJson.Read(answer.Body, what, Read);
    }

    /// <remarks>Raw: <c>{"access_token":"eyJ…","expires_in":300,"refresh_expires_in":0,"token_type":"Bearer","not-before-policy":0,
    /// "scope":"email profile"}</c></remarks>
    private static (string Text, TimeSpan Lifetime) Read(JsonElement answer) =>
        (answer.Text("access_token"), TimeSpan.FromSeconds(answer.GetProperty("expires_in").GetInt32()));

    private sealed record Kept(string Text, DateTimeOffset Until);
}
