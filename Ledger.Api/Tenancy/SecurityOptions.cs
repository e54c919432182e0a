using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Ledger.Api.Tenancy;

/// <summary>Section <c>Security</c>: from where the ledger is operated, and how fresh a sign-in must be for what cannot be taken
/// back.</summary>
internal sealed class SecurityOptions : IValidatableObject
{
    public const string Section = "Security";

    /// <summary>How old <c>auth_time</c> may be for sensitive operations; unset: of any age.</summary>
    public TimeSpan? SensitiveActionMaxAge { get; set; }

    /// <summary>Values of claim <c>azp</c> whose tokens need no <c>auth_time</c>: service accounts, which never sign in.</summary>
    public IList<string> SensitiveExemptClients { get; } = [];

    /// <summary>From where paths under <c>/admin</c> may be called, such as <c>10.20.0.0/16</c>; none named: from loopback.</summary>
    public IList<string> AdminAllowedCidrs { get; } = [];

    /// <summary>The proxies whose X-Forwarded-For is believed; none named: nobody's.</summary>
    public IList<string> TrustedProxies { get; } = [];

    public IReadOnlyList<IPNetwork> AdminNetworks =>
        Networks(AdminAllowedCidrs.Count > 0 ? AdminAllowedCidrs : ["127.0.0.0/8", "::1/128"]);

    public IReadOnlyList<IPNetwork> ProxyNetworks => Networks(TrustedProxies);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (SensitiveActionMaxAge is { } age && age <= TimeSpan.Zero)
            yield return new ValidationResult("must be a duration above zero, such as 00:15:00.", [nameof(SensitiveActionMaxAge)]);
        foreach (var (name, list) in new[] { (nameof(AdminAllowedCidrs), AdminAllowedCidrs), (nameof(TrustedProxies), TrustedProxies) })
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (!NetworkText.TryParseNetwork(list[i], out _))
                    yield return new ValidationResult(
                        $"'{list[i]}' is no network such as 10.20.0.0/16, 203.0.113.7/32 or fd00::/8 (host bits zero).", [$"{name}:{i}"]);
            }
        }
    }

    private static IReadOnlyList<IPNetwork> Networks(IEnumerable<string> cidrs) =>
        [.. cidrs.Select(cidr => NetworkText.TryParseNetwork(cidr, out var network) ? network : throw new FormatException(cidr))];
}
