namespace Ledger.DevHost.Emulators.Keycloak.Sessions;

/// <summary>The sessions of a realm, in memory; guarded by <see cref="Realm.Gate"/>.</summary>
internal sealed class SessionStore
{
    private readonly OrderedDictionary<string, UserSession> sessions = new(StringComparer.Ordinal);

    public IEnumerable<UserSession> All => sessions.Values;

    public IEnumerable<UserSession> Of(RealmUser user) => sessions.Values.Where(s => s.User == user);

    public UserSession? Find(string id) => sessions.TryGetValue(id, out var session) ? session : null;

    public void Add(UserSession session) => sessions.Add(session.Id, session);

    /// <summary>Ends a session: its refresh tokens and userinfo are refused from now on. False: there was none.</summary>
    public bool Remove(string id) => sessions.Remove(id);

    /// <summary>Ends all of a user's.</summary>
    public void RemoveOf(RealmUser user) => Of(user).ToList().ForEach(s => Remove(s.Id));
}
