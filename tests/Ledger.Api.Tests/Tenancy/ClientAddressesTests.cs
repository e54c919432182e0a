using System.Net;
using Ledger.Api.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>Whose word counts about where a request comes from.</summary>
public sealed class ClientAddressesTests
{
    [Theory]
    // The peer is no proxy: whatever it says.
    [InlineData("203.0.113.7", "127.0.0.1", "203.0.113.7")]
    [InlineData("203.0.113.7", null, "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", null, "203.0.113.7")]
    [InlineData("2001:db8::7", "127.0.0.1", "2001:db8::7")]
    // It is one, also where the socket shows it inside IPv6.
    [InlineData("10.0.0.2", "203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:10.0.0.2", "203.0.113.7", "203.0.113.7")]
    [InlineData("fd00::2", "203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.2", "::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.2", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.2", "203.0.113.7:4711", "203.0.113.7")]
    // Right to left over the trusted hops and no further.
    [InlineData("10.0.0.2", "127.0.0.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.2", "127.0.0.1,203.0.113.7,10.0.0.3", "203.0.113.7")]
    [InlineData("10.0.0.2", "127.0.0.1 , 203.0.113.7 ,\t10.0.0.3 , fd00::9", "203.0.113.7")]
    [InlineData("10.0.0.2", "nonsense, 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.2", "127.0.0.1|203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.2", "127.0.0.1|203.0.113.7, 10.0.0.3", "203.0.113.7")]
    [InlineData("10.0.0.2", "203.0.113.7|10.0.0.3", "203.0.113.7")]
    // A proxy's own request, with and without a header.
    [InlineData("10.0.0.2", null, "10.0.0.2")]
    [InlineData("10.0.0.2", "10.0.0.9", "10.0.0.9")]
    [InlineData("10.0.0.2", "10.0.0.8, 10.0.0.9", "10.0.0.8")]
    // What a trusted hop says cannot be read: nobody knows who called.
    [InlineData("10.0.0.2", "", null)]
    [InlineData("10.0.0.2", "unknown", null)]
    [InlineData("10.0.0.2", "203.0.113.7, unknown", null)]
    [InlineData("10.0.0.2", "203.0.113.7,", null)]
    [InlineData("10.0.0.2", "203.0.113.7,,10.0.0.3", null)]
    [InlineData("10.0.0.2", "127.1", null)]
    [InlineData("10.0.0.2", "203.0.113.7, unknown, 10.0.0.3", null)]
    public void The_client_is_the_first_untrusted_address_from_the_right(string peer, string? header, string? client)
    {
        var found = Find(peer, header?.Split('|'), "10.0.0.0/8", "fd00::/8");
        Assert.Equal(client, found.Client?.ToString());
        Assert.Equal(NetworkText.Plain(IPAddress.Parse(peer)), found.Peer);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.0.0.2")]
    public void Without_trusted_proxies_nobodys_header_is_read(string peer) =>
        Assert.Equal(peer, Find(peer, ["203.0.113.7"]).Client?.ToString());

    [Fact]
    public void A_connection_without_an_address_comes_from_nowhere() =>
        Assert.Equal(default, new ClientAddresses(Options.Create(new SecurityOptions())).Of(new DefaultHttpContext()));

    private static ClientAddress Find(string peer, string[]? lines, params string[] proxies)
    {
        var options = new SecurityOptions();
        foreach (var proxy in proxies) options.TrustedProxies.Add(proxy);
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        if (lines is not null) context.Request.Headers["X-Forwarded-For"] = lines;
        context.Request.Headers["Forwarded"] = "for=127.0.0.1";
        context.Request.Headers["X-Real-IP"] = "127.0.0.1";
        return new ClientAddresses(Options.Create(options)).Of(context);
    }
}
