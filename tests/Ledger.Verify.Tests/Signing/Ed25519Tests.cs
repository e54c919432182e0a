using System.Globalization;
using System.Numerics;
using System.Text;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Signing;

public class Ed25519Tests
{
    private static readonly BigInteger GroupOrder = BigInteger.Pow(2, 252)
        + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);

    /// <summary>RFC 8032  7.1: seed, public key, message, signature.</summary>
    public static TheoryData<string, string, string, string> Rfc8032 => new()
    {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        },
    };

    [Theory, MemberData(nameof(Rfc8032))]
    public void The_rfcs_vectors_sign_and_verify(string seed, string publicKey, string message, string signature)
    {
        byte[] key = Convert.FromHexString(publicKey), text = Convert.FromHexString(message), expected = Convert.FromHexString(signature);
        Assert.Equal(key, Ed25519.PublicKeyOf(Convert.FromHexString(seed)));
        Assert.Equal(expected, Ed25519.Sign(Convert.FromHexString(seed), text));
        Assert.True(Ed25519.Verify(key, text, expected));
    }

    [Theory, MemberData(nameof(Rfc8032))]
    public void Any_flipped_bit_is_refused(string seed, string publicKey, string message, string signature)
    {
        Assert.NotEmpty(seed);
        byte[] key = Convert.FromHexString(publicKey), text = Convert.FromHexString(message), good = Convert.FromHexString(signature);
        for (var bit = 0; bit < 512; bit++) Assert.False(Ed25519.Verify(key, text, Flipped(good, bit)));
        for (var bit = 0; bit < 256; bit++) Assert.False(Ed25519.Verify(Flipped(key, bit), text, good));
        for (var bit = 0; bit < 8 * text.Length; bit++) Assert.False(Ed25519.Verify(key, Flipped(text, bit), good));
        Assert.False(Ed25519.Verify(key, [.. text, 0], good));
    }

    [Theory, MemberData(nameof(Rfc8032))]
    public void A_signature_whose_s_is_not_reduced_is_refused(string seed, string publicKey, string message, string signature)
    {
        // S + L satisfies the curve equation too: accepting it would give every signature a second form.
        Assert.NotEmpty(seed);
        var bytes = Convert.FromHexString(signature);
        var s = new BigInteger(bytes.AsSpan(32), isUnsigned: true) + GroupOrder;
        var malleated = new byte[64];
        bytes.AsSpan(0, 32).CopyTo(malleated);
        Assert.True(s.TryWriteBytes(malleated.AsSpan(32), out _, isUnsigned: true));
        Assert.False(Ed25519.Verify(Convert.FromHexString(publicKey), Convert.FromHexString(message), malleated));
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(31, 64)]
    [InlineData(33, 64)]
    [InlineData(32, 0)]
    [InlineData(32, 63)]
    [InlineData(32, 65)]
    public void Wrong_lengths_are_refused(int key, int signature) =>
        Assert.False(Ed25519.Verify(new byte[key], "x"u8, new byte[signature]));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void A_seed_of_another_length_is_refused(int length)
    {
        Assert.Throws<ArgumentException>(() => Ed25519.Sign(new byte[length], "x"u8));
        Assert.Throws<ArgumentException>(() => Ed25519.PublicKeyOf(new byte[length]));
    }

    [Fact]
    public void A_key_that_is_no_curve_point_verifies_nothing()
    {
        var key = new byte[32];
        for (var first = 0; first < 256; first++)
        {
            key[0] = (byte)first;
            key[1] = 0x02;
            Assert.False(Ed25519.Verify(key, "x"u8, new byte[64]));
        }
    }

    [Fact]
    public void Many_threads_sign_and_verify_at_once()
    {
        var seed = Digest.Sha256("seed"u8).ToArray();
        var key = Ed25519.PublicKeyOf(seed);
        Parallel.For(0, 400, i =>
        {
            var message = Encoding.ASCII.GetBytes($"message {i}");
            var signature = Ed25519.Sign(seed, message);
            Assert.True(Ed25519.Verify(key, message, signature));
            Assert.False(Ed25519.Verify(key, [.. message, 1], signature));
        });
    }

    [Fact]
    public void Without_openssl_the_error_says_what_to_install_on_each_system()
    {
        var error = Assert.Throws<Ed25519Unavailable>(() => LibcryptoFile.Load(["libcrypto-of-no-system.so.3"]));
        foreach (var expected in new[] { "OpenSSL 3", "Debian", "libssl3", "Fedora", "Alpine", "brew install openssl@3", "Windows",
            "libcrypto-of-no-system.so.3" })
        {
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        var flipped = bytes.ToArray();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
