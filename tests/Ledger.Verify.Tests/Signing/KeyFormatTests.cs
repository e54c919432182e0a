using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Signing;

/// <summary>Expected values from `ssh-keygen -lf` and `openssl pkey -pubin`, for RFC 8032's first test key.</summary>
public class KeyFormatTests
{
    private static readonly byte[] Key = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    private const string Pem = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
        -----END PUBLIC KEY-----

        """;

    [Fact]
    public void The_ssh_fingerprint_is_what_ssh_keygen_prints()
    {
        Assert.Equal("SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8", SshFingerprint.OfEd25519(Key));
        Assert.Equal(
            "SHA256:BXffbG4nvcH5E++Y+1tOqZb8zr6RxaCzvjP2Knq7RoM",
            SshFingerprint.OfEd25519(
                Convert.FromBase64String("AAAAC3NzaC1lZDI1NTE5AAAAIF6Yj63fBif+yw7lWpd3ObZ2DGHyPt6YVcDeuK9qm0vg").AsSpan(19)));
        Assert.Throws<ArgumentException>(() => SshFingerprint.OfEd25519(new byte[31]));
    }

    [Fact]
    public void The_ssh_fingerprint_of_a_P256_key_is_what_ssh_keygen_prints()
    {
        var spki = Convert.FromBase64String("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEK95HIcLnW+mOIg/acpmh8szfK3Fw"
            + "Ojll5SeCzOtAjb/7OulwxVK+coupWsxc9kTdpaUq2tvy/HImdtPQtVJMWQ==");
        Assert.Equal("SHA256:X6jZZwxzycA2LU5Nr0Cthl9HYBaSwS7LXv/ZmzqWuzk", SshFingerprint.OfEcdsaP256(spki));
        Assert.Throws<ArgumentException>(() => SshFingerprint.OfEcdsaP256(Spki.OfEd25519(Key)));
    }

    [Fact]
    public void Der_and_pem_are_openssls_and_read_back()
    {
        var der = Spki.OfEd25519(Key);
        Assert.Equal(Pem.ReplaceLineEndings("\n"), Spki.ToPem(der));
        Assert.True(Spki.TryReadPem(Pem, out var read));
        Assert.Equal(der, read);
        Assert.True(Spki.TryReadEd25519(read, out var raw));
        Assert.Equal(Key, raw);
        Assert.Throws<ArgumentException>(() => Spki.OfEd25519(new byte[33]));
    }

    [Fact]
    public void Der_of_another_kind_or_length_is_no_ed25519_key()
    {
        var der = Spki.OfEd25519(Key);
        Assert.False(Spki.TryReadEd25519(der.AsSpan(1), out _));
        Assert.False(Spki.TryReadEd25519([.. der, 0], out _));
        Assert.False(Spki.TryReadEd25519(Key, out _));
        for (var i = 0; i < 12; i++)
        {
            var wrong = der.ToArray();
            wrong[i] ^= 1;
            Assert.False(Spki.TryReadEd25519(wrong, out _));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\nx")]
    [InlineData("x\n-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    public void A_text_that_is_not_one_public_key_is_refused(string pem) => Assert.False(Spki.TryReadPem(pem, out _));
}
