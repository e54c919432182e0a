namespace Ledger.DevHost.Setup;

/// <summary>Who issues tokens, and those made for a developer.</summary>
/// <param name="Address">Of the server, without a path.</param>
/// <param name="Issuer">The claim `iss` of realm `ledger`: people of the tenants.</param>
/// <param name="PlatformIssuer">That of realm `ledger-platform`: people who operate the ledger; null where that realm is not used.</param>
internal sealed record IdentityAccess(Uri Address, string Issuer, string? PlatformIssuer, DeveloperTokens Tokens)
{
    public const string Realm = "ledger", PlatformRealm = "ledger-platform", Audience = "ledger-api";

    /// <summary>Where a realm's discovery document is.</summary>
    public string MetadataAddress(string realm) => new Uri(Address, $"/realms/{realm}/.well-known/openid-configuration").AbsoluteUri;
}

/// <summary>Access tokens: CLIENT_TECH of `demo`, CLIENT_TECH of `other`, CLIENT_ADMIN of `demo`, PLATFORM_ADMIN where there is a platform
/// realm.</summary>
internal sealed record DeveloperTokens(string Technician, string Other, string Admin, string? PlatformAdmin);
