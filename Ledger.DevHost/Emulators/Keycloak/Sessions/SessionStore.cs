namespace Ledger.DevHost.Emulators.Keycloak.Sessions;

/// <summary>The sessions of a realm, in memory; guarded by <see cref="Realm.Gate"/>.</summary>
internal sealed class SessionStore
{
    private readonly OrderedDictionary<string, UserSession> sessions = new(StringComparer.Ordinal);
    private readonly HashSet<string> revoked = new(StringComparer.Ordinal);
    private readonly HashSet<string> ended = new(StringComparer.Ordinal);

    public IEnumerable<UserSession> All => sessions.Values;

    public IEnumerable<UserSession> Of(RealmUser user) => sessions.Values.Where(s => s.User == user);

    public UserSession? Find(string id) => sessions.TryGetValue(id, out var session) ? session : null;

    /// <summary>The session unless it was idle too long or is too old, in which case it ends here.</summary>
    public UserSession? Active(Realm realm, string id, DateTimeOffset now)
    {
        if (Find(id) is not { } session)
            return null;
        var seconds = now.ToUnixTimeSeconds();
        var (idle, whole) = session.Offline
            ? (realm.Settings.OfflineSessionIdleTimeout, long.MaxValue)
            : (realm.Settings.SsoSessionIdleTimeout, realm.Settings.SsoSessionMaxLifespan);
        if (seconds - session.LastAccess <= idle && seconds - session.Started <= whole)
            return session;
        Remove(id);
        return null;
    }

    public void Add(UserSession session) => sessions.Add(session.Id, session);

    /// <summary>Ends a session: its refresh tokens and userinfo are refused from now on. False: there was none.</summary>
    public bool Remove(string id)
    {
        if (!sessions.Remove(id))
            return false;
        ended.Add(id);
        return true;
    }

    /// <summary>There was a session of this id: no other may have it, or the old one's tokens would live again.</summary>
    public bool HasEnded(string id) => ended.Contains(id);

    /// <summary>Ends all of a user's.</summary>
    public void RemoveOf(RealmUser user) => Of(user).ToList().ForEach(s => Remove(s.Id));

    /// <summary>The client's part of the session ends, and the session with its last part.</summary>
    public void RemoveClient(UserSession session, RealmClient client)
    {
        session.Clients.Remove(client.ClientId);
        if (session.Clients.Count == 0)
            Remove(session.Id);
    }

    /// <summary>An access token is refused from now on, by its <c>jti</c>.</summary>
    public void Revoke(string tokenId) => revoked.Add(tokenId);

    public bool IsRevoked(string tokenId) => revoked.Contains(tokenId);
}
