using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Core.People;

/// <summary>A user as Keycloak shows it.</summary>
/// <param name="Id">UUID; claim <c>sub</c>.</param>
/// <param name="Attributes">All of them: what a write leaves out is gone.</param>
internal sealed record KeycloakUser(
    string Id, string Username, string? Email, bool EmailVerified, string? FirstName, string? LastName, bool Enabled,
    IReadOnlyDictionary<string, string[]> Attributes)
{
    /// <summary>Whether it is this tenant's, and no other's.</summary>
    public bool IsOf(string tenant) => Attributes.TryGetValue("tenant", out var values) && values is [var only] && only == tenant;

    /// <summary>Whether it is a client's and nobody's. Lists that filter by attribute have them, and no member that says so; nobody else
    /// gets a name that begins so, unless an operator gives it.</summary>
    public bool IsServiceAccount => Username.StartsWith("service-account-", StringComparison.Ordinal);

    /// <remarks>Raw: <c>{"id":"434d424d-a209-4584-b1aa-9f90978fcbaf","username":"demo-admin","firstName":"Ada","lastName":"Demo",
    /// "email":"demo-admin@ledger.test","emailVerified":true,"attributes":{"tenant":["demo"]},"enabled":true,
    /// "createdTimestamp":1795324019789,"totp":false,"requiredActions":[],"notBefore":0,"access":{"manage":true}}</c></remarks>
    public static KeycloakUser Read(JsonElement user) => new(
        user.PathId("id"), user.Text("username"), user.TextOrNull("email"), user.Flag("emailVerified"), user.TextOrNull("firstName"),
        user.TextOrNull("lastName"), user.Flag("enabled"),
        user.TryGetProperty("attributes", out var attributes) && attributes.ValueKind != JsonValueKind.Null
            ? attributes.EnumerateObject().ToDictionary(a => a.Name, a => a.Value.EnumerateArray().Select(v => v.GetString()!).ToArray())
            : []);

    /// <summary>What is written back. Keycloak keeps members that are missing from it, but for the profile's (e-mail, names, attributes),
    /// which go together. Required actions and passwords are not touched.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["username"] = Username,
        ["email"] = Email,
        ["emailVerified"] = EmailVerified,
        ["firstName"] = FirstName,
        ["lastName"] = LastName,
        ["enabled"] = Enabled,
        ["attributes"] = new JsonObject(Attributes.Select(a =>
            KeyValuePair.Create(a.Key, (JsonNode?)new JsonArray([.. a.Value.Select(v => (JsonNode)v)])))),
    });
}

/// <summary>A realm role; Keycloak wants the id with the name.</summary>
internal sealed record KeycloakRole(string Id, string Name)
{
    /// <remarks>Raw: <c>{"id":"a28cf362-9166-4e5b-957e-6b4ebdd114a5","name":"CLIENT_TECH","description":"Technician of one tenant",
    /// "composite":false,"clientRole":false,"containerId":"95aeec63-5101-4d7e-be76-bea91780ce9a"}</c></remarks>
    public static KeycloakRole Read(JsonElement role) => new(role.PathId("id"), role.Text("name"));
}

/// <summary>A user's link to an identity provider.</summary>
internal static class KeycloakLink
{
    /// <remarks>Raw: <c>{"identityProvider":"demo-sso","userId":"ext-1","userName":"tess"}</c></remarks>
    public static ProviderLink Read(JsonElement link) =>
        new(link.Text("identityProvider"), link.Text("userId"), link.TextOrNull("userName") ?? "");
}
