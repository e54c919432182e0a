using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Ledger.Core;

/// <summary>
/// Settings that still read like a placeholder, such as <c>People:ClientSecret = ${LEDGER_WORKERS_SECRET}</c>: what was to fill them in was
/// not set. Keycloak keeps such a text as it is, so that an unset secret becomes a secret that everybody can read in the realm file. Here
/// it is a fault.
/// </summary>
internal static partial class ConfigurationPlaceholders
{
    private static readonly string[] Sections =
        ["ConnectionStrings", "Identity", "IdentityCheck", "People", "Security", "Smtp", "Storage", "Vault"];

    /// <summary>One line per setting. The value is not shown but for the placeholder: the rest of it may be secret.</summary>
    public static IEnumerable<string> Find(IConfiguration configuration) => Sections
        .SelectMany(section => configuration.GetSection(section).AsEnumerable())
        .Select(setting => (setting.Key, Match: Placeholder().Match(setting.Value ?? "")))
        .Where(setting => setting.Match.Success)
        .Select(setting => $"{setting.Key} still reads {setting.Match.Value}: what it stands for is not set.")
        .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_.]*(:[^}]*)?\}")]
    private static partial Regex Placeholder();
}
