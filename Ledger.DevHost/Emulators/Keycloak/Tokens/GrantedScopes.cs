namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>The client scopes that a grant has: those the client always has, and what was asked for beside them.</summary>
/// <param name="OpenId">Whether <c>openid</c> was asked for: an id token, and userinfo.</param>
/// <param name="Scopes">The client scopes.</param>
internal sealed record GrantedScopes(bool OpenId, IReadOnlyList<ClientScope> Scopes)
{
    /// <summary>Claim <c>scope</c> of an access token, e.g. <c>openid profile email</c>.</summary>
    public string InAccessToken => Join(Scopes.Where(s => s.InTokenScope));

    /// <summary>Claim <c>scope</c> of a refresh token: all of them.</summary>
    public string InRefreshToken => Join(Scopes);

    public bool Offline => Has("offline_access");

    public bool Has(string name) => Scopes.Any(s => s.Name == name);

    /// <summary>What a client gets that asks for this; null: it may not ask for one of them (recordings 27, 56, 57).</summary>
    /// <param name="realm">Whose scopes.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="asked">Parameter <c>scope</c>; null: it was not given. Given but empty is refused.</param>
    public static GrantedScopes? Of(Realm realm, RealmClient client, string? asked)
    {
        var names = asked?.Split(' ') ?? [];
        var allowed = client.DefaultClientScopes.Concat(client.OptionalClientScopes).ToHashSet(StringComparer.Ordinal);
        return names.All(n => n == "openid" || allowed.Contains(n)) ? Granted(realm, client, names) : null;
    }

    /// <summary>A refresh: no more than before, and of that only what is asked for, if anything is (recording 87).</summary>
    public static GrantedScopes OfRefresh(Realm realm, RealmClient client, string before, string? asked)
    {
        var names = before.Split(' ');
        return Granted(realm, client, asked is null ? names : names.Intersect(asked.Split(' ')).ToArray());
    }

    private static GrantedScopes Granted(Realm realm, RealmClient client, string[] names) => new(names.Contains("openid"),
        [.. client.DefaultClientScopes.Concat(client.OptionalClientScopes.Where(names.Contains)).Where(realm.ClientScopes.ContainsKey)
            .Select(n => realm.ClientScopes[n])]);

    private string Join(IEnumerable<ClientScope> scopes)
        => string.Join(' ', scopes.Select(s => s.Name).Prepend(OpenId ? "openid" : "").Where(n => n.Length > 0));
}
