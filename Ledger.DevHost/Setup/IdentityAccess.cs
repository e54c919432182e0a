namespace Ledger.DevHost.Setup;

/// <summary>Who issues tokens, and the three made for a developer.</summary>
/// <param name="Address">Of the server, without a path.</param>
/// <param name="Issuer">The claim `iss` of realm `ledger`.</param>
internal sealed record IdentityAccess(Uri Address, string Issuer, DeveloperTokens Tokens)
{
    public const string Realm = "ledger", Audience = "ledger-api";

    /// <summary>Where the realm's discovery document is.</summary>
    public string MetadataAddress => new Uri(Address, $"/realms/{Realm}/.well-known/openid-configuration").AbsoluteUri;
}

/// <summary>Access tokens: CLIENT_TECH of `demo`, CLIENT_TECH of `other`, CLIENT_ADMIN of `demo`.</summary>
internal sealed record DeveloperTokens(string Technician, string Other, string Admin);
