namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>A client of a realm, as far as client credentials need it.</summary>
/// <param name="Id">client_id.</param>
/// <param name="Kind">Whether it has a service account.</param>
internal sealed record ServiceClient(string Id, ClientKind Kind)
{
    /// <summary>Realm roles of its service account.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The tenant it belongs to; null: none.</summary>
    public string? Tenant { get; init; }

    /// <summary>fullScopeAllowed: the default roles and those of <c>account</c> are in its tokens too.</summary>
    public bool FullScope { get; init; }

    /// <summary>Roles of <c>realm-management</c>.</summary>
    public IReadOnlyList<string> ManagementRoles { get; init; } = [];
}

/// <summary>What a client may be.</summary>
internal enum ClientKind
{
    /// <summary>Has a secret and a service account.</summary>
    Service,

    /// <summary>Only checks tokens: it gets none.</summary>
    BearerOnly,

    /// <summary>Has no secret.</summary>
    Public,
}
