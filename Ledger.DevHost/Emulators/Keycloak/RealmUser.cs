namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>A user or, with <see cref="ServiceAccountOf"/>, the service account of a client.</summary>
/// <param name="id">UUID: claim <c>sub</c>.</param>
/// <param name="username">Lower case.</param>
internal sealed class RealmUser(string id, string username)
{
    public string Id { get; } = id;

    public string Username { get; set; } = username;

    /// <summary>Lower case.</summary>
    public string? Email { get; set; }

    public bool EmailVerified { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public bool Enabled { get; set; }

    public Dictionary<string, List<string>> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>Given, not what they are composed of.</summary>
    public List<RealmRole> RealmRoles { get; } = [];

    /// <summary>Roles of clients (<see cref="RealmRole.Client"/> says whose).</summary>
    public List<RealmRole> ClientRoles { get; } = [];

    /// <summary>E.g. <c>UPDATE_PASSWORD</c>.</summary>
    public List<string> RequiredActions { get; } = [];

    public List<Credential> Credentials { get; } = [];

    public List<FederatedIdentity> FederatedIdentities { get; } = [];

    /// <summary>Milliseconds since 1970.</summary>
    public long CreatedTimestamp { get; init; }

    /// <summary>Seconds since 1970; tokens issued before are void. 0: none.</summary>
    public long NotBefore { get; set; }

    /// <summary>The client whose service account this is.</summary>
    public RealmClient? ServiceAccountOf { get; set; }

    public PasswordCredential? Password => Credentials.OfType<PasswordCredential>().FirstOrDefault();

    public bool HasOtp => Credentials.OfType<OtpCredential>().Any();

    /// <summary>Given roles and all they are composed of.</summary>
    public List<RealmRole> EffectiveRoles => RealmRole.Expand(RealmRoles.Concat(ClientRoles));

    /// <summary>Sets the password; an older one is gone. Whether it meets the policy is the caller's question.</summary>
    public void SetPassword(string password, DateTimeOffset now, bool temporary)
    {
        Credentials.RemoveAll(c => c is PasswordCredential);
        Credentials.Insert(0, PasswordCredential.Of(password, now));
        if (!temporary)
            RequiredActions.Remove("UPDATE_PASSWORD");
        else if (!RequiredActions.Contains("UPDATE_PASSWORD"))
            RequiredActions.Add("UPDATE_PASSWORD");
    }
}

/// <summary>Who a user is at an identity provider.</summary>
internal sealed record FederatedIdentity(string IdentityProvider, string UserId, string UserName);

/// <summary>An identity provider of the realm; the emulator never calls it.</summary>
/// <param name="Alias">Unique in the realm.</param>
/// <param name="ProviderId">E.g. <c>oidc</c>.</param>
/// <param name="Representation">As it was given (realm file or admin REST).</param>
internal sealed record IdentityProvider(string Alias, string ProviderId, System.Text.Json.Nodes.JsonObject Representation);
