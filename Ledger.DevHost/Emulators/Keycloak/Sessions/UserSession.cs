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

    /// <summary>Made with scope <c>offline_access</c>: it outlives the usual timeouts.</summary>
    public bool Offline { get; init; }

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

    /// <summary>Claim <c>acr</c> of its tokens, refreshed ones too.</summary>
    public string Acr { get; set; } = "1";

    /// <summary>The refresh tokens that were used, by their claim <c>reuse_id</c>.</summary>
    public Dictionary<string, RefreshUse> Used { get; } = new(StringComparer.Ordinal);
}

/// <summary>The last used of a line of refresh tokens.</summary>
/// <param name="TokenId">Its <c>jti</c>.</param>
/// <param name="Uses">How often it was used.</param>
/// <param name="At">When it was used last, seconds since 1970.</param>
internal sealed record RefreshUse(string TokenId, int Uses, long At);
