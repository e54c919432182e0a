using Ledger.Api.Tenancy;

namespace Ledger.Api.Tests.Tenancy;

public sealed class NetworkTextTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("2001:DB8:0::7", "2001:db8::7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    public void An_address_is_read(string text, string address)
    {
        Assert.True(NetworkText.TryParseAddress(text, out var read));
        Assert.Equal(address, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("unknown")]
    [InlineData("_hidden")]
    [InlineData("localhost")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("127.0.0.1 ")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::1%1")]
    [InlineData("[::1]")]
    [InlineData("127.0.0.256")]
    public void What_the_framework_would_guess_at_is_no_address(string text)
    {
        Assert.False(NetworkText.TryParseAddress(text, out _));
        Assert.False(NetworkText.TryParseNetwork(text + "/8", out _));
    }

    [Theory]
    [InlineData("203.0.113.7:4711", "203.0.113.7")]
    [InlineData("[2001:db8::7]", "2001:db8::7")]
    [InlineData("[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("::1", "::1")]
    public void A_hop_may_have_a_port(string text, string address)
    {
        Assert.True(NetworkText.TryParseHop(text, out var read));
        Assert.Equal(address, read.ToString());
    }

    [Theory]
    [InlineData("203.0.113.7:")]
    [InlineData("203.0.113.7:x")]
    [InlineData("203.0.113.7:65536")]
    [InlineData("[127.0.0.1]")]
    [InlineData("[::1]4711")]
    [InlineData("[::1")]
    [InlineData("[]")]
    [InlineData("[")]
    [InlineData("]")]
    [InlineData(":80")]
    [InlineData("for=203.0.113.7")]
    public void A_hop_of_another_shape_is_none(string text) => Assert.False(NetworkText.TryParseHop(text, out _));

    [Theory]
    [InlineData("10.20.0.0/16", "10.20.0.0/16")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("203.0.113.7/32", "203.0.113.7/32")]
    [InlineData("fd00::/8", "fd00::/8")]
    [InlineData("::1/128", "::1/128")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    public void A_network_is_read(string text, string network)
    {
        Assert.True(NetworkText.TryParseNetwork(text, out var read));
        Assert.Equal(network, read.ToString());
    }

    [Theory]
    [InlineData("10.20.0.0")]
    [InlineData("10.20.0.1/16")]
    [InlineData("10/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0.0/")]
    [InlineData("/8")]
    [InlineData("::/129")]
    [InlineData("::ffff:10.0.0.0/8")]
    [InlineData("fd00::1/8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    public void A_network_of_another_shape_is_none(string text) => Assert.False(NetworkText.TryParseNetwork(text, out _));
}
