using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using Polly;

namespace Ledger.Core.People;

/// <summary>Keycloak's admin REST, as far as people need it, in one realm. Every call may be repeated.</summary>
/// <remarks>Source: the admin REST API of Keycloak 26 and its recorded answers. What is missing is null or false; every other refusal is a
/// <see cref="KeycloakException"/>.</remarks>
public sealed class KeycloakAdmin
{
    /// <summary>Users on a page.</summary>
    internal const int PageUsers = 100;

    private readonly KeycloakHttp http;
    private readonly KeycloakToken token;
    private readonly string users;

    public KeycloakAdmin(HttpClient client, PeopleOptions options, ResiliencePipeline pipeline, TimeProvider time)
    {
        http = new KeycloakHttp(client, options.KeycloakAddress!, pipeline);
        token = new KeycloakToken(http, options, time);
        users = $"admin/realms/{options.Realm}/users";
    }

    /// <summary>Over connections of its own.</summary>
    public static KeycloakAdmin Of(PeopleOptions options, TimeProvider time) =>
        new(new HttpClient(KeycloakHttp.Handler()), options, KeycloakResilience.Create(time), time);

    internal async Task<KeycloakUser?> FindAsync(string id, CancellationToken cancel) =>
        await CallAsync(HttpMethod.Get, $"{users}/{id}", "read user", null, [200, 404], cancel) is { Status: 200 } answer
            ? KeycloakJson.Read(answer.Body, "read user", KeycloakUser.Read) : null;

    /// <summary>Whether a user of the tenant still has to choose a password; false also where there is no such user.</summary>
    internal async Task<bool> HasToChoosePasswordAsync(string id, string tenant, CancellationToken cancel) =>
        await CallAsync(HttpMethod.Get, $"{users}/{id}", "read user", null, [200, 404], cancel) is { Status: 200 } answer
            && KeycloakJson.Read(answer.Body, "read user", user => KeycloakUser.Read(user).IsOf(tenant)
                && user.TryGetProperty("requiredActions", out var actions) && actions.ValueKind == JsonValueKind.Array
                && actions.EnumerateArray().Any(action => action.GetString() == "UPDATE_PASSWORD"));

    /// <summary>By user name, whole: a search otherwise finds parts of one.</summary>
    internal async Task<KeycloakUser?> FindByNameAsync(string username, CancellationToken cancel)
    {
        var found = await ListAsync($"{users}?username={Uri.EscapeDataString(username)}&exact=true&max=2", "find user", KeycloakUser.Read,
            cancel);
        return found.FirstOrDefault(user => user.Username == username) is { } user ? await FindAsync(user.Id, cancel) : null;
    }

    /// <summary>A page of the users of a tenant, by user name; the last one is not full. The filter is Keycloak's: compare again.</summary>
    internal Task<IReadOnlyList<KeycloakUser>> PageAsync(TenantId tenant, int first, CancellationToken cancel) =>
        ListAsync($"{users}?q=tenant:{tenant.Value}&briefRepresentation=false&first={first}&max={PageUsers}", "list users",
            KeycloakUser.Read, cancel);

    /// <returns>The new user's id; null where a user of that name or e-mail address is there (409).</returns>
    internal async Task<string?> CreateAsync(KeycloakUser user, CancellationToken cancel)
    {
        var answer = await CallAsync(HttpMethod.Post, users, "create user", user.ToBytes(), [201, 409], cancel);
        if (answer.Status == 409) return null;
        var id = answer.Location?.OriginalString.Split('/')[^1];
        return KeycloakJson.IsId(id) ? id
            : throw new KeycloakException(JobErrorClass.Config, "create user: the answer's Location has no id", answer.Status);
    }

    /// <returns>False where another user has the e-mail address (409).</returns>
    internal async Task<bool> UpdateAsync(KeycloakUser user, CancellationToken cancel) =>
        (await CallAsync(HttpMethod.Put, $"{users}/{user.Id}", "write user", user.ToBytes(), [204, 409], cancel)).Status == 204;

    internal Task DeleteAsync(string id, CancellationToken cancel) =>
        CallAsync(HttpMethod.Delete, $"{users}/{id}", "delete user", null, [204, 404], cancel);

    internal Task<IReadOnlyList<KeycloakRole>> RolesAsync(string id, CancellationToken cancel) =>
        ListAsync($"{users}/{id}/role-mappings/realm", "read roles", KeycloakRole.Read, cancel);

    /// <summary>Those that the user does not have: the one place that shows roles' ids to a client without realm administration.</summary>
    internal Task<IReadOnlyList<KeycloakRole>> AvailableRolesAsync(string id, CancellationToken cancel) =>
        ListAsync($"{users}/{id}/role-mappings/realm/available", "read available roles", KeycloakRole.Read, cancel);

    internal Task AddRoleAsync(string id, KeycloakRole role, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, $"{users}/{id}/role-mappings/realm", "add role", Roles([role]), [204], cancel);

    internal Task RemoveRolesAsync(string id, IReadOnlyList<KeycloakRole> roles, CancellationToken cancel) =>
        CallAsync(HttpMethod.Delete, $"{users}/{id}/role-mappings/realm", "remove roles", Roles(roles), [204], cancel);

    internal Task<IReadOnlyList<ProviderLink>> LinksAsync(string id, CancellationToken cancel) =>
        ListAsync($"{users}/{id}/federated-identity", "read links", KeycloakLink.Read, cancel);

    /// <summary>Is taken for an alias that the realm does not have too: <see cref="LinksAsync"/> does not show it then.</summary>
    internal Task AddLinkAsync(string id, ProviderLink link, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, $"{users}/{id}/federated-identity/{Uri.EscapeDataString(link.Alias)}", "add link",
            Bytes(new JsonObject
            {
                ["identityProvider"] = link.Alias, ["userId"] = link.UserId, ["userName"] = link.UserName,
            }), [204], cancel);

    /// <summary>Also one that is not shown.</summary>
    internal Task RemoveLinkAsync(string id, string alias, CancellationToken cancel) =>
        CallAsync(HttpMethod.Delete, $"{users}/{id}/federated-identity/{Uri.EscapeDataString(alias)}", "remove link", null, [204, 404],
            cancel);

    /// <summary>Sets a password that has to be changed at the first sign-in.</summary>
    /// <exception cref="KeycloakException">Config also where the realm's password policy refuses it.</exception>
    public Task SetTemporaryPasswordAsync(string id, string password, CancellationToken cancel) =>
        CallAsync(HttpMethod.Put, $"{users}/{id}/reset-password", "set temporary password",
            Bytes(new JsonObject { ["type"] = "password", ["value"] = password, ["temporary"] = true }), [204], cancel);

    /// <summary>Ends every session of the user: refresh tokens are void, access tokens last out their few minutes.</summary>
    internal Task SignOutAsync(string id, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, $"{users}/{id}/logout", "sign out", null, [204], cancel);

    private async Task<IReadOnlyList<T>> ListAsync<T>(string path, string what, Func<JsonElement, T> read, CancellationToken cancel)
    {
        var answer = await CallAsync(HttpMethod.Get, path, what, null, [200], cancel);
        return KeycloakJson.Read(answer.Body, what, list => list.EnumerateArray().Select(read).ToList());
    }

    // A token can end early: Keycloak restarted with other keys, or an administrator revoked it. One new one is worth a try.
    private async Task<KeycloakAnswer> CallAsync(HttpMethod method, string path, string what, byte[]? body, IReadOnlyList<int> expected,
        CancellationToken cancel)
    {
        Func<HttpContent>? content = body is null ? null
            : () => new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var first = await token.FindAsync(refused: null, cancel);
        try
        {
            return await http.SendAsync(method, path, what, first, content, expected, cancel);
        }
        catch (KeycloakException e) when (e.Status == 401)
        {
            return await http.SendAsync(method, path, what, await token.FindAsync(refused: first, cancel), content, expected, cancel);
        }
    }

    private static byte[] Roles(IReadOnlyList<KeycloakRole> roles) =>
        Bytes(new JsonArray([.. roles.Select(r => (JsonNode)new JsonObject { ["id"] = r.Id, ["name"] = r.Name })]));

    private static byte[] Bytes(JsonNode body) => JsonSerializer.SerializeToUtf8Bytes(body);
}
