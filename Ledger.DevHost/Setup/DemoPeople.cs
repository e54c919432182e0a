using System.Net.Http.Headers;

namespace Ledger.DevHost.Setup;

/// <summary>
/// The demo people were made in Keycloak by the realm file, not invited. At the first start of a state folder the API is asked to adopt
/// them, so that whoever lists the users of `demo` sees somebody. Nothing waits for it: the workers are at it while the rest starts.
/// </summary>
internal sealed class DemoPeople(HttpClient http, Uri api)
{
    /// <summary>Does nothing where the workers do not administer people.</summary>
    public async Task AdoptAsync(IdentityAccess identity, CancellationToken ct)
    {
        if (identity.WorkersSecret is null)
            return;
        foreach (var admin in new[] { identity.Tokens.Admin, identity.Tokens.OtherAdmin }.OfType<string>())
            await AskAsync(admin, ct);
    }

    private async Task AskAsync(string adminToken, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api, "/api/v1/users/sync"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
        using var answer = await http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (!answer.IsSuccessStatusCode)
            throw new SetupFailed($"the API answered {(int)answer.StatusCode} to POST /api/v1/users/sync: {text}");
    }
}
