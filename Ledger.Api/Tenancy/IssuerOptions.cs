using System.Net;

namespace Ledger.Api.Tenancy;

/// <summary>One OpenID Connect issuer: section <c>Identity:Issuers:N</c>.</summary>
internal sealed class IssuerOptions
{
    /// <summary>Claim <c>iss</c>, to the letter.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Short name in principals and logs, unique; default: the last part of the issuer's path, in lower case. Once given it stays:
    /// under another name everybody is somebody else.</summary>
    public string? Name { get; set; }

    /// <summary>What claim <c>aud</c> must contain.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The discovery document; default: the issuer's <c>/.well-known/openid-configuration</c>. Plain http on loopback
    /// only.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>Where the keys are; default: what discovery says. Set, no discovery document is read. Plain http on loopback
    /// only.</summary>
    public string? JwksUri { get; set; }

    /// <summary>The clients (claim <c>azp</c>) whose tokens are taken; none named: any client of the issuer.</summary>
    public IList<string> Clients { get; } = [];

    /// <summary>The signature algorithms taken; none named: RS256 and ES256, which is all there is.</summary>
    public IList<string> Algorithms { get; } = [];

    /// <summary>The roles its tokens may carry, and the scopes that machines have as realm roles; any other is not seen. None named: the
    /// tenants' roles. So a realm whose admins belong to a tenant can never make a platform administrator.</summary>
    public IList<string> Roles { get; } = [];

    /// <summary>How long keys are used without looking again.</summary>
    public TimeSpan KeysFreshFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long keys are used while the issuer cannot be asked, counted from when they were read.</summary>
    public TimeSpan KeysStaleFor { get; set; } = TimeSpan.FromHours(24);

    public IReadOnlySet<string> AllowedRoles =>
        new HashSet<string>(Roles.Count > 0 ? Roles : Tenancy.Roles.OfTenants, StringComparer.Ordinal);

    public IReadOnlySet<string> AllowedAlgorithms =>
        new HashSet<string>(Algorithms.Count > 0 ? Algorithms : SignatureAlgorithms, StringComparer.Ordinal);

    public string EffectiveName => string.IsNullOrEmpty(Name) ? IssuerName.Short(Issuer) : Name;

    public Uri Metadata => new(string.IsNullOrEmpty(MetadataAddress) ? Issuer.TrimEnd('/') + "/.well-known/openid-configuration"
        : MetadataAddress);

    private static readonly string[] SignatureAlgorithms = ["RS256", "ES256"];

    internal string? Fault()
    {
        if (!IsWeb(Issuer)) return "Issuer must be an absolute http(s) URL.";
        if (!IssuerName.IsName(EffectiveName))
            return $"Name: {EffectiveName} must be 1 to 63 of a-z, 0-9, '.' and '-', and begin with a letter or digit.";
        if (string.IsNullOrWhiteSpace(Audience)) return "Audience is missing.";
        if (!string.IsNullOrEmpty(MetadataAddress) && !IsWeb(MetadataAddress)) return "MetadataAddress must be an absolute http(s) URL.";
        if (!string.IsNullOrEmpty(JwksUri) && !IsWeb(JwksUri)) return "JwksUri must be an absolute http(s) URL.";
        if (Roles.FirstOrDefault(role => !Tenancy.Roles.All.Contains(role) && !Scopes.All.Contains(role)) is { } unknown)
            return $"Roles: {unknown} is none of {string.Join(", ", Tenancy.Roles.All.Concat(Scopes.All))}.";
        if (Algorithms.FirstOrDefault(algorithm => !SignatureAlgorithms.Contains(algorithm)) is { } other)
            return $"Algorithms: {other} is none of {string.Join(", ", SignatureAlgorithms)}.";
        if (KeysFreshFor <= TimeSpan.Zero || KeysStaleFor < KeysFreshFor || KeysStaleFor > TimeSpan.FromDays(7))
            return "KeysFreshFor must be more than nothing, KeysStaleFor at least as long and at most seven days.";
        if (!string.IsNullOrEmpty(JwksUri) && !IsSafe(new Uri(JwksUri))) return "JwksUri must be https, except on loopback.";
        return IsSafe(Metadata) ? null : "MetadataAddress must be https, except on loopback.";
    }

    /// <summary>Keys that came over a wire anybody can write to prove nothing.</summary>
    internal static bool IsSafe(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IsLoopback(address));

    private static bool IsLoopback(Uri address) =>
        address.IsLoopback || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));

    private static bool IsWeb(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
