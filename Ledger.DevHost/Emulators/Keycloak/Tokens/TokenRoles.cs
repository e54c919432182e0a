namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>The roles that a user's token shows to a client, and whom it is for.</summary>
internal sealed class TokenRoles
{
    private TokenRoles(IReadOnlyList<string> realm, IReadOnlyList<(string Client, string[] Roles)> clients, IReadOnlyList<string> audience)
        => (Realm, Clients, Audience) = (realm, clients, audience);

    /// <summary><c>realm_access.roles</c>.</summary>
    public IReadOnlyList<string> Realm { get; }

    /// <summary><c>resource_access</c>.</summary>
    public IReadOnlyList<(string Client, string[] Roles)> Clients { get; }

    /// <summary><c>aud</c>: who the mappers name, then the clients whose roles are in it, but for the client itself.</summary>
    public IReadOnlyList<string> Audience { get; }

    public static TokenRoles Of(RealmUser user, RealmClient client, GrantedScopes scopes)
    {
        var audience = Mappers(client, scopes).Where(m => m.Type == "oidc-audience-mapper" && m.Is("access.token.claim"))
            .Select(m => m.Config.GetValueOrDefault("included.client.audience") is { Length: > 0 } name
                ? name
                : m.Config.GetValueOrDefault("included.custom.audience"))
            .OfType<string>();
        if (!scopes.Has("roles"))
            return new TokenRoles([], [], [.. audience.Distinct()]);
        IEnumerable<RealmRole> shown = user.EffectiveRoles;
        if (!client.FullScopeAllowed)
            shown = shown.Intersect(RealmRole.Expand(client.ScopeMappings.Concat(client.Roles.Values)));
        var roles = shown.OrderBy(r => r.Client is null ? 0 : r.Client.ClientId == "account" ? 2 : 1).ToList();
        var clients = roles.Where(r => r.Client is not null).GroupBy(r => r.Client!.ClientId)
            .Select(g => (g.Key, g.Select(r => r.Name).ToArray())).ToList();
        return new TokenRoles([.. roles.Where(r => r.Client is null).Select(r => r.Name)], clients,
            [.. audience.Concat(clients.Select(c => c.Key).Where(c => c != client.ClientId)).Distinct()]);
    }

    /// <summary>The client's own mappers and those of its scopes.</summary>
    public static IEnumerable<ProtocolMapper> Mappers(RealmClient client, GrantedScopes scopes)
        => client.ProtocolMappers.Concat(scopes.Scopes.SelectMany(s => s.Mappers));
}
