using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Ledger.Core.People;

/// <summary>Section <c>People</c>, of the workers alone: the API never holds the secret that can change users.</summary>
public sealed class PeopleOptions : IValidatableObject
{
    public const string Section = "People";

    /// <summary>Where Keycloak listens, e.g. <c>https://id.example.com</c>; its realms are below <c>/realms/</c>. Plain http on loopback
    /// only: the secret goes there. Unset: nobody's user is changed from here, and no invitation goes out.</summary>
    public Uri? KeycloakAddress { get; set; }

    /// <summary>The realm of the tenants' people.</summary>
    [Required, RegularExpression("[A-Za-z0-9._-]{1,255}")]
    public string Realm { get; set; } = "ledger";

    /// <summary>A client with a service account that has realm-management's manage-users, view-users and query-users.</summary>
    [Required, RegularExpression("[!-~]{1,255}")]
    public string ClientId { get; set; } = "ledger-workers";

    /// <summary>Its secret; visible ASCII.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>From the mail until its code is refused. Default 7 days; a minute to 90 days.</summary>
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The page that takes the code of an invitation: mails link to <c>&lt;PortalAddress&gt;#&lt;code&gt;</c>. Unset: mails have
    /// the code alone.</summary>
    public Uri? PortalAddress { get; set; }

    internal bool IsConfigured => KeycloakAddress is not null;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (KeycloakAddress is not null && !IsHttp(KeycloakAddress))
            yield return new ValidationResult("must be an absolute http(s) URL, e.g. https://id.example.com.", [nameof(KeycloakAddress)]);
        else if (KeycloakAddress is not null && !IsSafe(KeycloakAddress))
            yield return new ValidationResult("must be https, except on loopback.", [nameof(KeycloakAddress)]);
        if (PortalAddress is not null && (!IsHttp(PortalAddress) || PortalAddress.Fragment.Length > 0))
            yield return new ValidationResult("must be an absolute http(s) URL without a fragment.", [nameof(PortalAddress)]);
        if (InvitationLifetime < TimeSpan.FromMinutes(1) || InvitationLifetime > TimeSpan.FromDays(90))
            yield return new ValidationResult("must be a minute to 90 days.", [nameof(InvitationLifetime)]);
        if (KeycloakAddress is null) yield break;
        if (string.IsNullOrEmpty(ClientSecret) || ClientSecret.AsSpan().ContainsAnyExceptInRange('!', '~'))
            yield return new ValidationResult("must be set, of visible ASCII, where KeycloakAddress is.", [nameof(ClientSecret)]);
        // An import keeps what it cannot resolve: a secret that everybody can read in the realm file.
        else if (ClientSecret.Contains("${", StringComparison.Ordinal))
            yield return new ValidationResult("still reads ${…}: the variable that it stands for was not set.", [nameof(ClientSecret)]);
    }

    /// <summary>Over a wire that anybody can read, the secret that changes users would be anybody's.</summary>
    private static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.IsLoopback
        || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));

    private static bool IsHttp(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
