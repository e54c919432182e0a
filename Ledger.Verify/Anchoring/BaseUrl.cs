using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Ledger.Verify.Anchoring;

/// <summary>
/// The address of a log in a trusted root, of which only the host counts. What is no plain URL has none: readers of URLs do not agree on
/// such. https://www.rfc-editor.org/rfc/rfc3986#section-3
/// </summary>
// Example: https://user@log.example:8443/a%20b?c#d has the host log.example, https://[2001:db8::1]:443 the host 2001:db8::1.
internal static partial class BaseUrl
{
    [GeneratedRegex(
        @"^[A-Za-z][A-Za-z0-9+.-]*://((?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*@)?"
        + @"(?<host>[A-Za-z0-9._~-]+|\[(?<ipv6>[0-9A-Fa-f:.]+)\])(:[0-9]*)?"
        + @"(/(?:[^?#%]|%[0-9A-Fa-f]{2})*)?(\?[^#]*)?(#(?:[^%]|%[0-9A-Fa-f]{2})*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Plain { get; }

    /// <summary>The host, an IPv6 address without its brackets; empty where there is none, as in a URL without a scheme.</summary>
    public static string HostOf(string url)
    {
        if (url.Any(c => c is < ' ' or '\x7f') || Plain.Match(url) is not { Success: true } match) return "";
        if (match.Groups["ipv6"] is not { Success: true } ipv6) return match.Groups["host"].Value;
        return IPAddress.TryParse(ipv6.Value, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? ipv6.Value : "";
    }
}
