using System.Net;

namespace Ledger.Api.Tenancy;

/// <summary>Section <c>Identity</c>: whose tokens are believed.</summary>
internal sealed class IdentityOptions
{
    public const string Section = "Identity";

    public IList<IssuerOptions> Issuers { get; } = [];

    /// <summary>The first thing wrong, as a line an operator can act on; null when all is well.</summary>
    public string? Fault()
    {
        if (Issuers.Count == 0) return "Identity:Issuers:0:Issuer is missing: without an issuer no token can be valid.";
        for (var i = 0; i < Issuers.Count; i++)
        {
            if (Issuers[i].Fault() is { } fault) return $"Identity:Issuers:{i}:{fault}";
        }
        return Issuers.Select(issuer => issuer.Issuer).Distinct(StringComparer.Ordinal).Count() < Issuers.Count
            ? "Identity:Issuers names an issuer twice." : null;
    }
}

/// <summary>One OpenID Connect issuer.</summary>
internal sealed class IssuerOptions
{
    /// <summary>Claim <c>iss</c>, to the letter.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>What claim <c>aud</c> must contain.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The discovery document; default: the issuer's <c>/.well-known/openid-configuration</c>. Plain http on loopback
    /// only.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>The roles its tokens may carry; any other is not seen. None named: the tenants' roles. So a realm whose admins belong to a
    /// tenant can never make a platform administrator.</summary>
    public IList<string> Roles { get; } = [];

    public IReadOnlySet<string> AllowedRoles => new HashSet<string>(Roles.Count > 0 ? Roles : Tenancy.Roles.OfTenants, StringComparer.Ordinal);

    public Uri Metadata => new(string.IsNullOrEmpty(MetadataAddress) ? Issuer.TrimEnd('/') + "/.well-known/openid-configuration"
        : MetadataAddress);

    internal string? Fault()
    {
        if (!IsWeb(Issuer)) return "Issuer must be an absolute http(s) URL.";
        if (string.IsNullOrWhiteSpace(Audience)) return "Audience is missing.";
        if (!string.IsNullOrEmpty(MetadataAddress) && !IsWeb(MetadataAddress)) return "MetadataAddress must be an absolute http(s) URL.";
        if (Roles.FirstOrDefault(role => !Tenancy.Roles.All.Contains(role)) is { } unknown)
            return $"Roles: {unknown} is none of {string.Join(", ", Tenancy.Roles.All)}.";
        return Metadata.Scheme == Uri.UriSchemeHttps || IsLoopback(Metadata) ? null : "MetadataAddress must be https, except on loopback.";
    }

    internal static bool IsLoopback(Uri address) =>
        address.IsLoopback || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));

    private static bool IsWeb(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
