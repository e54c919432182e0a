namespace Ledger.Verify.Tests;

public class CanonicalBase64Tests
{
    [Fact]
    public void Bytes_and_text_are_one_to_one()
    {
        for (var length = 0; length < 100; length++)
        {
            var bytes = new byte[length];
            new Random(length).NextBytes(bytes);
            Assert.True(CanonicalBase64.TryDecode(CanonicalBase64.Encode(bytes), out var decoded));
            Assert.Equal(bytes, decoded);
        }
    }

    [Theory]
    [InlineData("3q2+7x==")]
    [InlineData("3q2+7w")]
    [InlineData("3q2+7w=")]
    [InlineData("3q2+7w===")]
    [InlineData("3q2-7w==")]
    [InlineData("3q2+ 7w==")]
    [InlineData(" 3q2+7w==")]
    [InlineData("3q2+7w==\n")]
    [InlineData("3q2+\r\n7w==")]
    [InlineData("3q2+\n\n\n\n7w==")]
    [InlineData("====")]
    [InlineData("=")]
    [InlineData("AA==AAAA")]
    [InlineData("AAB=")]
    [InlineData("AAAé")]
    public void Another_spelling_is_refused(string text)
    {
        Assert.False(CanonicalBase64.TryDecode(text, out var bytes));
        Assert.Empty(bytes);
    }

    [Fact]
    public void A_digest_is_exactly_32_bytes()
    {
        Assert.True(CanonicalBase64.TryDecodeDigest(CanonicalBase64.Encode(new byte[32]), out var digest));
        Assert.Equal(Digest.Zero, digest);
        Assert.False(CanonicalBase64.TryDecodeDigest(CanonicalBase64.Encode(new byte[31]), out _));
        Assert.False(CanonicalBase64.TryDecodeDigest(CanonicalBase64.Encode(new byte[33]), out _));
    }
}
