using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ledger.Api.Tenancy;

/// <summary>Addresses and networks as operators and proxies write them, strictly: the framework reads <c>10/8</c> as 0.0.0.0/8 and
/// <c>010.0.0.1</c> as 8.0.0.1. An IPv4 address inside IPv6 (<c>::ffff:10.0.0.1</c>) is that IPv4 address, everywhere.</summary>
internal static class NetworkText
{
    private const int MappedBits = 96; // of ::ffff:0:0/96

    /// <summary>Raw: <c>203.0.113.7</c>, <c>2001:db8::7</c>; no zone, no brackets.</summary>
    public static bool TryParseAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.IndexOfAny("%[]") >= 0 || !IPAddress.TryParse(text, out var parsed)) return false;
        // One spelling of an IPv4 address: four decimal numbers without leading zeros.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && !text.SequenceEqual(parsed.ToString())) return false;
        address = Plain(parsed);
        return true;
    }

    /// <summary>One hop of X-Forwarded-For, with or without a port. Raw: <c>203.0.113.7</c>, <c>203.0.113.7:4711</c>, <c>2001:db8::7</c>,
    /// <c>[2001:db8::7]</c>, <c>[2001:db8::7]:4711</c>.</summary>
    public static bool TryParseHop(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text is ['[', ..])
        {
            var end = text.IndexOf(']');
            return end > 0 && (text[(end + 1)..] is [] || IsPort(text[(end + 1)..])) && text[1..end].Contains(':')
                && TryParseAddress(text[1..end], out address);
        }
        var colon = text.IndexOf(':');
        var hasPort = colon >= 0 && text.LastIndexOf(':') == colon;
        return hasPort ? IsPort(text[colon..]) && TryParseAddress(text[..colon], out address) : TryParseAddress(text, out address);
    }

    /// <summary>Raw: <c>10.20.0.0/16</c>, <c>fd00::/8</c>, <c>203.0.113.7/32</c>; host bits zero, so that a slip of the pen opens no
    /// more than was meant.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out var written)
            || !TryParseAddress(text.AsSpan(0, slash), out var address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)) return false;
        if (written.IsIPv4MappedToIPv6) bits -= MappedBits;
        if (bits < 0 || bits > address.GetAddressBytes().Length * 8) return false;
        network = new IPNetwork(address, bits);
        return network.BaseAddress.Equals(address);
    }

    /// <summary>Without zone, and IPv4 where it is one.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes())
        : address;

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text is [':', .. var digits] && ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
