using System.Text;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Tests.Entries;

public class LeafTests
{
    [Fact]
    public void Its_bytes_are_the_documented_example()
    {
        var leaf = Examples.Leaf;
        var expected = $$"""
            {"key_id":"SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8","kind":"ledger.leaf/v1","origin":"ledger.localhost/log/demo","prev":"{{leaf.Prev}}","seq":7,"sig":"{{Convert.ToBase64String(leaf.Signature)}}","statement_sha256":"{{leaf.StatementSha256}}"}
            """;
        Assert.Equal(expected, Encoding.UTF8.GetString(leaf.ToBytes()));
        Assert.Equal(MerkleHash.Leaf(leaf.ToBytes()), leaf.Hash());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9007199254740991)]
    public void Its_bytes_are_canonical_and_read_back(long seq)
    {
        var leaf = Examples.Leaf with { Seq = seq };
        var bytes = leaf.ToBytes();
        Assert.True(Jcs.TryCanonicalize(bytes, new JsonLimits(8, 100_000), out var canonical, out _));
        Assert.Equal(canonical, bytes);
        Assert.True(Leaf.TryParse(bytes, out var parsed, out var failure), failure.ToString());
        Assert.Equal(leaf, parsed);
        Assert.Equal(leaf.GetHashCode(), parsed.GetHashCode());
        Assert.NotEqual(leaf, parsed with { Signature = new byte[64] });
    }

    [Theory]
    [InlineData("ledger.leaf/v1", "ledger.leaf/v2", FailureCode.LeafKindUnknown)]
    [InlineData("\"seq\":7", "\"seq\":7.0", FailureCode.LeafNotCanonical)]
    [InlineData("\"seq\":7", "\"seq\": 7", FailureCode.LeafNotCanonical)]
    [InlineData("\"seq\":7", "\"seq\":70e-1", FailureCode.LeafNotCanonical)]
    [InlineData("ledger.leaf/v1", "ledger.leaf\\/v1", FailureCode.LeafNotCanonical)]
    [InlineData("{\"key_id\"", "{\"kind\":\"ledger.leaf/v1\",\"key_id\"", FailureCode.LeafMalformed)]
    [InlineData("\"seq\":7", "\"seq\":-7", FailureCode.LeafMalformed)]
    [InlineData("\"seq\":7", "\"seq\":07", FailureCode.LeafMalformed)]
    [InlineData("\"seq\":7", "\"seq\":\"7\"", FailureCode.LeafMalformed)]
    [InlineData("\"seq\":7", "\"seq\":9007199254740992", FailureCode.LeafMalformed)]
    [InlineData("\"seq\":7", "\"seq\":7,\"seq\":7", FailureCode.LeafMalformed)]
    [InlineData("\"seq\":7", "\"seq\":7,\"seqq\":7", FailureCode.LeafMalformed)]
    [InlineData("\"seq\":7,", "", FailureCode.LeafMalformed)]
    [InlineData("==\"", "=\"", FailureCode.LeafMalformed)]
    [InlineData("}", "}}", FailureCode.LeafMalformed)]
    public void Another_document_or_form_is_refused(string part, string other, FailureCode expected)
    {
        var text = Encoding.UTF8.GetString(Examples.Leaf.ToBytes());
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.False(Leaf.TryParse(Encoding.UTF8.GetBytes(text.Replace(part, other, StringComparison.Ordinal)), out _, out var failure));
        Assert.Equal(expected, failure);
    }

    [Fact]
    public void Members_in_another_order_are_refused()
    {
        var text = Encoding.UTF8.GetString(Examples.Leaf.ToBytes());
        var moved = text.Replace("\"kind\":\"ledger.leaf/v1\",", "", StringComparison.Ordinal)
            .Replace("{", "{\"kind\":\"ledger.leaf/v1\",", StringComparison.Ordinal);
        Assert.False(Leaf.TryParse(Encoding.UTF8.GetBytes(moved), out _, out var failure));
        Assert.Equal(FailureCode.LeafNotCanonical, failure);
    }
}
