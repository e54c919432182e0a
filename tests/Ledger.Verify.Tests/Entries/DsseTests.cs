using System.Text;
using Ledger.Verify.Entries;

namespace Ledger.Verify.Tests.Entries;

public class DsseTests
{
    [Theory]
    [InlineData("http://example.com/HelloWorld", "hello world", "DSSEv1 29 http://example.com/HelloWorld 11 hello world")]
    [InlineData("", "", "DSSEv1 0  0 ")]
    [InlineData("é", "€", "DSSEv1 2 é 3 €")]
    [InlineData("a 1", "b 2 c", "DSSEv1 3 a 1 5 b 2 c")]
    [InlineData("123456789", "0123456789", "DSSEv1 9 123456789 10 0123456789")]
    public void The_encoding_is_lengths_and_bytes(string type, string body, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Dsse.Pae(type, Encoding.UTF8.GetBytes(body))));

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public void Lengths_have_as_many_digits_as_they_need(int length)
    {
        var pae = Dsse.Pae(Dsse.InTotoPayloadType, new byte[length]);
        var start = $"DSSEv1 28 application/vnd.in-toto+json {length} ";
        Assert.Equal(start, Encoding.ASCII.GetString(pae, 0, start.Length));
        Assert.Equal(start.Length + length, pae.Length);
    }
}
