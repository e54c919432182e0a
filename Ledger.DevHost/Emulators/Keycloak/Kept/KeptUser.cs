using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Emulators.Keycloak.Kept;

/// <summary>
/// A user as the state folder has them; members are those of <see cref="RealmUser"/>, with roles and clients by name. Raw, shortened:
/// <code>{"id":"0b7c…","username":"ada@example.com","enabled":true,"attributes":{"tenant":["demo"]},"realmRoles":["CLIENT_TECH"],
/// "credentials":[{"kind":"password","id":"5d1e…","salt":"…","hash":"…"}],"requiredActions":["UPDATE_PASSWORD"]}</code>
/// </summary>
internal sealed record KeptUser
{
    public required string Id { get; init; }
    public required string Username { get; init; }
    public string? Email { get; init; }
    public bool EmailVerified { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public required bool Enabled { get; init; }
    public required Dictionary<string, List<string>> Attributes { get; init; }
    public required List<string> RealmRoles { get; init; }

    /// <summary>By <c>clientId</c>.</summary>
    public required Dictionary<string, List<string>> ClientRoles { get; init; }
    public required List<string> RequiredActions { get; init; }
    public required List<Credential> Credentials { get; init; }
    public required List<FederatedIdentity> FederatedIdentities { get; init; }
    public required long CreatedTimestamp { get; init; }
    public required long NotBefore { get; init; }

    /// <summary>A <c>clientId</c>.</summary>
    public string? ServiceAccountOf { get; init; }

    public static KeptUser Of(RealmUser user) => new()
    {
        Id = user.Id,
        Username = user.Username,
        Email = user.Email,
        EmailVerified = user.EmailVerified,
        FirstName = user.FirstName,
        LastName = user.LastName,
        Enabled = user.Enabled,
        Attributes = user.Attributes,
        RealmRoles = [.. user.RealmRoles.Select(r => r.Name)],
        ClientRoles = user.ClientRoles.GroupBy(r => r.Client!.ClientId)
            .ToDictionary(c => c.Key, c => c.Select(r => r.Name).ToList(), StringComparer.Ordinal),
        RequiredActions = user.RequiredActions,
        Credentials = user.Credentials,
        FederatedIdentities = user.FederatedIdentities,
        CreatedTimestamp = user.CreatedTimestamp,
        NotBefore = user.NotBefore,
        ServiceAccountOf = user.ServiceAccountOf?.ClientId,
    };

    /// <summary>The user in a realm whose clients and roles come from its file. A realm role that the file does not have is made, as an
    /// import does; those of clients go with what the file no longer has.</summary>
    /// <returns>Null: the service account of a client that has none any more.</returns>
    public RealmUser? In(Realm realm, RealmIds ids)
    {
        RealmClient? client = null;
        if (ServiceAccountOf is not null && !(realm.Clients.TryGetValue(ServiceAccountOf, out client) && client.ServiceAccountsEnabled))
            return null;
        var user = new RealmUser(Id, Username)
        {
            Email = Email,
            EmailVerified = EmailVerified,
            FirstName = FirstName,
            LastName = LastName,
            Enabled = Enabled,
            CreatedTimestamp = CreatedTimestamp,
            NotBefore = NotBefore,
            ServiceAccountOf = client,
        };
        foreach (var (name, values) in Attributes)
            user.Attributes[name] = values;
        user.RealmRoles.AddRange(RealmRoles.Select(name => ImportedRoles.FindOrAdd(realm, name, ids)));
        foreach (var (clientId, names) in ClientRoles)
            user.ClientRoles.AddRange(names.Select(name => realm.Clients.GetValueOrDefault(clientId)?.Roles.GetValueOrDefault(name))
                .OfType<RealmRole>());
        user.RequiredActions.AddRange(RequiredActions);
        user.Credentials.AddRange(Credentials);
        user.FederatedIdentities.AddRange(FederatedIdentities);
        return user;
    }
}
