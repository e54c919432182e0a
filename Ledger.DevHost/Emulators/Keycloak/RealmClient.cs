namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>A client of a realm (OAuth 2.0); properties are named as in the realm file.</summary>
/// <param name="id">UUID, not the <c>client_id</c>.</param>
/// <param name="clientId">The <c>client_id</c>.</param>
internal sealed class RealmClient(string id, string clientId)
{
    public string Id { get; } = id;

    public string ClientId { get; } = clientId;

    public string? Name { get; set; }

    public string? Description { get; set; }

    public bool Enabled { get; set; } = true;

    public bool PublicClient { get; set; }

    public bool BearerOnly { get; set; }

    /// <summary>Null: a public client.</summary>
    public string? Secret { get; set; }

    public bool StandardFlowEnabled { get; set; } = true;

    public bool ImplicitFlowEnabled { get; set; }

    public bool DirectAccessGrantsEnabled { get; set; }

    public bool ServiceAccountsEnabled { get; set; }

    public bool FullScopeAllowed { get; set; } = true;

    public string? RootUrl { get; set; }

    public string? BaseUrl { get; set; }

    public List<string> RedirectUris { get; } = [];

    public List<string> WebOrigins { get; } = [];

    public Dictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);

    public List<ProtocolMapper> ProtocolMappers { get; } = [];

    /// <summary>The client's own roles by name.</summary>
    public OrderedDictionary<string, RealmRole> Roles { get; } = new(StringComparer.Ordinal);

    /// <summary>Without <see cref="FullScopeAllowed"/>, the only roles (with what they are composed of) that its tokens may show.</summary>
    public List<RealmRole> ScopeMappings { get; } = [];

    /// <summary>Client scopes that count without being asked for.</summary>
    public List<string> DefaultClientScopes { get; } = [];

    public List<string> OptionalClientScopes { get; } = [];
}

/// <summary>What adds claims to a client's tokens; types that are unknown add nothing.</summary>
/// <param name="Name">Unique in its client.</param>
/// <param name="Type">E.g. <c>oidc-audience-mapper</c>.</param>
/// <param name="Config">E.g. <c>included.client.audience</c>: <c>ledger-api</c>.</param>
internal sealed record ProtocolMapper(string Name, string Type, IReadOnlyDictionary<string, string> Config)
{
    /// <summary>Whether a switch such as <c>access.token.claim</c> is on.</summary>
    public bool Is(string key) => Config.GetValueOrDefault(key) == "true";
}
