using System.Text.Json.Nodes;
using Ledger.Core.Identity;
using Ledger.Core.People;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Doctor;

/// <summary>Whether the workers' client may log in at Keycloak, look at the realm's users and change them. Nobody is changed: for that
/// right its token is believed.</summary>
public sealed class PeopleCheck(IOptions<PeopleOptions> options, HttpClient http) : IDoctorCheck
{
    private const string Right = "manage-users";

    public string Name => "people";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        if (options.Value is not { KeycloakAddress: { } address, ClientSecret: { Length: > 0 } secret } people)
            return Verdict.Absent("nobody is administered from here (People:KeycloakAddress)");
        var keycloak = address.AbsoluteUri.TrimEnd('/');
        var who = $"{people.ClientId} at {address.Host}, realm {people.Realm}";
        try
        {
            var voice = new RealmVoice(http);
            var token = await voice.TokenAsync(new Uri($"{keycloak}/realms/{people.Realm}/protocol/openid-connect/token"),
                people.ClientId, secret, cancel);
            await voice.AllowedAsync(new Uri($"{keycloak}/admin/realms/{people.Realm}/users?max=1"), token, cancel);
            return Rights(RealmToken.Parse(token).Claims) is { } rights && !rights.Contains(Right)
                ? Verdict.Fail($"{who}: it lacks realm-management's {Right}: nobody can be changed")
                : Verdict.Pass($"{who}, may see and change users");
        }
        catch (RealmRefusal e) when (e.InnerException is HttpRequestException or TaskCanceledException)
        {
            return Verdict.Fail($"{who}: {e.Message}: is Keycloak up, and People:KeycloakAddress right?");
        }
        catch (RealmRefusal e)
        {
            return Verdict.Fail($"{who}: {e.Message}; look at People:ClientId and People:ClientSecret, and give it realm-management's "
                + $"view-users, query-users and {Right}");
        }
    }

    /// <summary>Null where the token does not say.</summary>
    /// <remarks>Raw: <c>{"resource_access":{"realm-management":{"roles":["manage-users","view-users","query-users"]}},…}</c></remarks>
    private static List<string>? Rights(JsonObject claims) =>
        ((claims["resource_access"] as JsonObject)?["realm-management"] as JsonObject)?["roles"] is JsonArray roles
            ? [.. roles.OfType<JsonValue>().Select(role => role.ToString())] : null;
}
