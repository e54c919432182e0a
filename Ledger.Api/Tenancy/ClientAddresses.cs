using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Ledger.Api.Tenancy;

/// <summary>From where a request comes: the connection's other end, or, where that is a trusted proxy, what it says in
/// X-Forwarded-For. <c>Forwarded</c> and every other header are not read.</summary>
internal sealed class ClientAddresses(IOptions<SecurityOptions> options)
{
    private readonly IReadOnlyList<IPNetwork> proxies = options.Value.ProxyNetworks;

    public ClientAddress Of(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } remote) return default;
        var peer = NetworkText.Plain(remote);
        return new ClientAddress(peer, IsProxy(peer) ? Forwarded(context.Request.Headers["X-Forwarded-For"], peer) : peer);
    }

    /// <summary>Right to left: each proxy adds the address that it was called from, so what stands left of the first untrusted address is
    /// that caller's own tale.</summary>
    /// <remarks>Raw: <c>X-Forwarded-For: 198.51.100.9, 203.0.113.7, 10.0.0.2</c></remarks>
    private IPAddress? Forwarded(StringValues lines, IPAddress peer)
    {
        var nearest = peer;
        for (var line = lines.Count - 1; line >= 0; line--)
        {
            var rest = lines[line].AsSpan();
            while (true)
            {
                var comma = rest.LastIndexOf(',');
                if (!NetworkText.TryParseHop(rest[(comma + 1)..].Trim(" \t"), out nearest)) return null;
                if (!IsProxy(nearest)) return nearest;
                if (comma < 0) break;
                rest = rest[..comma];
            }
        }
        return nearest; // a proxy's own request
    }

    private bool IsProxy(IPAddress address) => proxies.Any(network => network.Contains(address));
}

/// <param name="Peer">The connection's other end; null where it has no address (a Unix socket).</param>
/// <param name="Client">Who called; null where that cannot be known: no address, or a trusted proxy that says something unreadable.</param>
internal readonly record struct ClientAddress(IPAddress? Peer, IPAddress? Client)
{
    /// <summary>Whose the request is where requests are counted.</summary>
    public IPAddress? Counted => Client ?? Peer;
}
