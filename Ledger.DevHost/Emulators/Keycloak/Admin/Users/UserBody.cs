using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary>A user as a caller writes it: <c>{"username":"ada","enabled":true,"attributes":{"tenant":["demo"]}}</c>. Null: not
/// given.</summary>
internal sealed record UserBody
{
    private static readonly HashSet<string> Fields =
    [
        "id", "username", "firstName", "lastName", "email", "emailVerified", "attributes", "userProfileMetadata", "enabled", "self",
        "origin", "createdTimestamp", "totp", "federationLink", "serviceAccountClientId", "credentials", "disableableCredentialTypes",
        "requiredActions", "federatedIdentities", "realmRoles", "clientRoles", "clientConsents", "notBefore", "applicationRoles",
        "socialLinks", "groups", "access",
    ];

    public string? Username { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Email { get; init; }
    public bool? EmailVerified { get; init; }
    public bool? Enabled { get; init; }
    public long? CreatedTimestamp { get; init; }
    public Dictionary<string, List<string>>? Attributes { get; init; }
    public List<string>? RequiredActions { get; init; }
    public List<string> Groups { get; init; } = [];
    public List<CredentialBody> Credentials { get; init; } = [];
    public List<FederatedIdentity> FederatedIdentities { get; init; } = [];

    public static UserBody Of(AdminRequest request)
    {
        var json = JsonBody.Object(request, "UserRepresentation", Fields);
        return new UserBody
        {
            Username = json.Text("username"),
            FirstName = json.Text("firstName"),
            LastName = json.Text("lastName"),
            Email = json.Text("email"),
            EmailVerified = json.Flag("emailVerified"),
            Enabled = json.Flag("enabled"),
            CreatedTimestamp = json.Number("createdTimestamp"),
            Attributes = json.TextLists("attributes"),
            RequiredActions = json.Texts("requiredActions"),
            Groups = json.Texts("groups") ?? [],
            Credentials = [.. (json.Objects("credentials") ?? []).Select(CredentialBody.Of)],
            FederatedIdentities = [.. (json.Objects("federatedIdentities") ?? []).Select(Identity)],
        };
    }

    // Roles given here are read and ignored, as the real server does: they are mapped by a request of their own.
    private static FederatedIdentity Identity(JsonElement json)
        => new(json.Text("identityProvider") ?? "", json.Text("userId") ?? "", json.Text("userName") ?? "");
}

/// <summary>A credential as a caller writes it: <c>{"type":"password","value":"…","temporary":true}</c>.</summary>
internal sealed record CredentialBody(string? Type, string? Value, bool Temporary)
{
    public static IReadOnlySet<string> Fields { get; } = new HashSet<string>
    {
        "id", "type", "userLabel", "createdDate", "secretData", "credentialData", "priority", "value", "temporary", "device",
        "hashedSaltedValue", "salt", "hashIterations", "counter", "algorithm", "digits", "period", "config", "federationLink",
    };

    public static CredentialBody Of(JsonElement json) => new(json.Text("type"), json.Text("value"), json.Flag("temporary") ?? false);
}
