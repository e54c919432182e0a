using Ledger.DevHost.Emulators.Keycloak.Kept;
using Ledger.DevHost.Emulators.Keycloak.Keys;
using Ledger.DevHost.Emulators.Keycloak.Login;
using Ledger.DevHost.Emulators.Keycloak.Sessions;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>
/// One realm as it is now. Nothing in it guards itself: whoever reads or writes any of it, users, clients and roles included, holds
/// <see cref="Gate"/>, and holds it for one request as a whole.
/// </summary>
internal sealed class Realm(string id, string name, RealmKeys keys) : IDisposable
{
    /// <summary>The lock of the whole realm.</summary>
    public Lock Gate { get; } = new();

    public string Id { get; } = id;

    public string Name { get; } = name;

    public RealmSettings Settings { get; set; } = new();

    /// <summary>Clients by <c>clientId</c>, in the order they were made.</summary>
    public OrderedDictionary<string, RealmClient> Clients { get; } = new(StringComparer.Ordinal);

    /// <summary>Users by id, service accounts included, in the order they were made.</summary>
    public OrderedDictionary<string, RealmUser> Users { get; } = new(StringComparer.Ordinal);

    /// <summary>Realm roles by name; those of clients are with their clients.</summary>
    public OrderedDictionary<string, RealmRole> Roles { get; } = new(StringComparer.Ordinal);

    /// <summary>Client scopes by name.</summary>
    public OrderedDictionary<string, ClientScope> ClientScopes { get; } = new(StringComparer.Ordinal);

    /// <summary>Scopes that a new client has without asking.</summary>
    public List<string> DefaultClientScopes { get; } = [];

    /// <summary>Scopes that a new client may ask for.</summary>
    public List<string> OptionalClientScopes { get; } = [];

    /// <summary>Identity providers by alias.</summary>
    public OrderedDictionary<string, IdentityProvider> IdentityProviders { get; } = new(StringComparer.Ordinal);

    public RealmKeys Keys { get; } = keys;

    public SessionStore Sessions { get; } = new();

    public LoginStore Logins { get; } = new();

    /// <summary>Failed logins by user id.</summary>
    public Dictionary<string, LoginFailures> Failures { get; } = new(StringComparer.Ordinal);

    public PasswordPolicy PasswordPolicy { get; set; } = PasswordPolicy.None;

    public UserProfile UserProfile { get; set; } = UserProfile.Default;

    /// <summary>What the login page asks for.</summary>
    public BrowserFlow BrowserFlow { get; set; } = BrowserFlow.Default;

    /// <summary>Where users are kept; null: they are not.</summary>
    public KeptUsers? Kept { get; set; }

    /// <summary>What every user has: <c>default-roles-&lt;realm&gt;</c>.</summary>
    public RealmRole DefaultRole => Roles[$"default-roles-{Name}"];

    public RealmUser? UserById(string? userId) => userId is not null && Users.TryGetValue(userId, out var user) ? user : null;

    /// <summary>User names are lower case; the one asked for may be written in any.</summary>
    public RealmUser? UserByName(string username)
        => Users.Values.FirstOrDefault(u => string.Equals(u.Username, username, StringComparison.OrdinalIgnoreCase));

    public RealmUser? UserByEmail(string email)
        => Users.Values.FirstOrDefault(u => string.Equals(u.Email, email, StringComparison.OrdinalIgnoreCase));

    /// <summary>The client of this UUID (not <c>clientId</c>).</summary>
    public RealmClient? ClientById(string clientUuid) => Clients.Values.FirstOrDefault(c => c.Id == clientUuid);

    /// <summary>A role of the realm or of any client by its UUID.</summary>
    public RealmRole? RoleById(string roleId)
        => Roles.Values.Concat(Clients.Values.SelectMany(c => c.Roles.Values)).FirstOrDefault(r => r.Id == roleId);

    /// <summary>Called after whatever may have changed users or their failed logins, before it is answered.</summary>
    public void KeepUsers() => Kept?.Write(this);

    public void Dispose() => Keys.Dispose();
}
