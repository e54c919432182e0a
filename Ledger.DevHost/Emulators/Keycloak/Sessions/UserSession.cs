namespace Ledger.DevHost.Emulators.Keycloak.Sessions;

/// <summary>A user who signed in. Times in seconds since 1970.</summary>
/// <param name="id">24 characters: claim <c>sid</c>.</param>
/// <param name="user">Whose.</param>
internal sealed class UserSession(string id, RealmUser user)
{
    public string Id { get; } = id;

    public RealmUser User { get; } = user;

    public required long Started { get; init; }

    public required long LastAccess { get; set; }

    /// <summary>When the password was typed; null where no browser was involved (password grant).</summary>
    public long? AuthTime { get; set; }

    public string IpAddress { get; init; } = "127.0.0.1";

    /// <summary>Levels of authentication reached, with the time each was.</summary>
    public Dictionary<int, long> Levels { get; } = [];

    /// <summary>The client's parts by <c>clientId</c>.</summary>
    public OrderedDictionary<string, ClientSession> Clients { get; } = new(StringComparer.Ordinal);
}

/// <summary>A client's part of a user session.</summary>
internal sealed class ClientSession(RealmClient client)
{
    public RealmClient Client { get; } = client;

    public required long Started { get; init; }

    /// <summary>The refresh token that counts: claim <c>jti</c> (or <c>reuse_id</c>) of the newest, and how often it was used.</summary>
    public string? RefreshId { get; set; }

    public int RefreshUses { get; set; }
}
