namespace Ledger.Verify.Tests;

public class DigestTests
{
    private const string Hex = "a591a6d40bf420404a011733cfb7b190d62c65bf0bcda32b57b277d9ad9f146e";

    [Fact]
    public void It_is_sha_256_of_its_data()
    {
        var digest = Digest.Sha256("Hello World"u8);
        Assert.Equal(Hex, digest.ToHex());
        Assert.Equal(Hex, digest.ToString());
        Assert.Equal(digest, Digest.ParseHex(Hex));
        Assert.Equal(digest, new Digest(digest.ToArray()));
        Assert.Equal(digest.GetHashCode(), Digest.ParseHex(Hex).GetHashCode());
    }

    [Fact]
    public void Equality_looks_at_every_byte()
    {
        var digest = Digest.ParseHex(Hex);
        for (var i = 0; i < Digest.Size; i++)
        {
            var bytes = digest.ToArray();
            bytes[i] ^= 1;
            Assert.True(digest != new Digest(bytes));
            Assert.False(digest.Equals((object)new Digest(bytes)));
        }

        Assert.True(Digest.Zero == default);
        Assert.Equal(new string('0', 64), Digest.Zero.ToHex());
    }

    [Fact]
    public void Hex_has_one_spelling()
    {
        Assert.False(Digest.TryParseHex(Hex.ToUpperInvariant(), out _));
        Assert.False(Digest.TryParseHex(Hex.AsSpan(1), out _));
        Assert.False(Digest.TryParseHex(Hex + "0", out _));
        Assert.False(Digest.TryParseHex("", out _));
        for (var i = 0; i < 64; i++)
        {
            foreach (var wrong in "gG A-+\0é/:@`") Assert.False(Digest.TryParseHex(Hex.Remove(i, 1).Insert(i, wrong.ToString()), out _));
        }

        Assert.Throws<FormatException>(() => Digest.ParseHex("00"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Other_lengths_are_refused(int length) => Assert.Throws<ArgumentException>(() => new Digest(new byte[length]));
}
