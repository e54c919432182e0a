namespace Ledger.DevHost.Setup;

/// <summary>Who issues tokens, and those made for a developer.</summary>
/// <param name="Address">Of the server, without a path.</param>
/// <param name="Issuer">The claim `iss` of realm `ledger`: people of the tenants.</param>
/// <param name="PlatformIssuer">That of realm `ledger-platform`: people who operate the ledger; null where that realm is not used.</param>
internal sealed record IdentityAccess(Uri Address, string Issuer, string? PlatformIssuer, DeveloperTokens Tokens)
{
    public const string Realm = "ledger", PlatformRealm = "ledger-platform", Audience = "ledger-api";

    public const string WorkersClient = "ledger-workers", PlatformClient = "ledger-platform-workers";

    /// <summary>Claim <c>azp</c> of the tokens that are made for a developer beside the realms.</summary>
    public const string DeveloperClient = "ledger-devhost";

    /// <summary>Secret of <see cref="WorkersClient"/>, by which the workers administer people; null where it is not known.</summary>
    public string? WorkersSecret { get; init; }

    /// <summary>Secret of <see cref="PlatformClient"/>, by which <c>Ledger.Workers identity</c> asks the platform realm.</summary>
    public string? PlatformSecret { get; init; }

    /// <summary>Whose tokens of realm <c>ledger</c> the API takes (<c>azp</c>): those of the realm file that call it, and
    /// <see cref="DeveloperClient"/>. Empty, with realms of one's own: any client's.</summary>
    public IReadOnlyList<string> Clients { get; init; } = [];

    /// <summary>The same of realm <c>ledger-platform</c>.</summary>
    public IReadOnlyList<string> PlatformClients { get; init; } = [];

    /// <summary>What a person needs to sign in or to ask for tokens: names of variables and their values. Empty with realms of one's
    /// own.</summary>
    public IReadOnlyList<DemoSecret> Demo { get; init; } = [];

    /// <summary>Where a realm's discovery document is.</summary>
    public string MetadataAddress(string realm) => new Uri(Address, $"/realms/{realm}/.well-known/openid-configuration").AbsoluteUri;
}

/// <summary>A secret of a demo person or machine.</summary>
/// <param name="Name">Of the variable, as in the realm file.</param>
internal sealed record DemoSecret(string Name, string Value, string About);

/// <summary>Access tokens. Null: the issuer in use gives none.</summary>
/// <param name="Technician">CLIENT_TECH of `demo`.</param>
/// <param name="Other">CLIENT_TECH of `other`.</param>
/// <param name="Admin">CLIENT_ADMIN of `demo`.</param>
/// <param name="Auditor">AUDITOR of `demo`.</param>
/// <param name="PlatformAdmin">PLATFORM_ADMIN, of no tenant.</param>
/// <param name="Billing">BILLING_OPERATOR, of no tenant.</param>
/// <param name="OtherAdmin">CLIENT_ADMIN of `other`; for the DevHost alone.</param>
internal sealed record DeveloperTokens(
    string Technician, string Other, string Admin, string? Auditor = null, string? PlatformAdmin = null, string? Billing = null,
    string? OtherAdmin = null);
