using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Emulators;

public sealed class VaultSignatureTests
{
    private static readonly byte[] Message = Encoding.UTF8.GetBytes("Lenker, die an sich selbst denken.");

    private const string Sha224OfMessage = "726fcdfec5e5695efd60bafa825b321b5b219573c38406e4424b274a"; // the runtime has no SHA-224

    [ProgramFact("openssl")]
    public async Task An_Ed25519_signature_verifies_with_openssl_and_one_changed_bit_does_not()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
        var signature = Vault.BytesOf(await vault.SignAsync("ed", Message));
        var spki = new byte[] { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
        var publicKey = Convert.FromBase64String(await vault.PublicKeyAsync("ed"));
        var pem = PemEncoding.WriteString("PUBLIC KEY", spki.Concat(publicKey).ToArray());

        Assert.Equal(0, await OpenSslAsync(folder, pem, signature, "-rawin"));
        signature[10] ^= 1;
        Assert.NotEqual(0, await OpenSslAsync(folder, pem, signature, "-rawin"));
    }

    [ProgramFact("openssl")]
    public async Task A_P256_signature_verifies_with_openssl()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ec", new { type = "ecdsa-p256" });

        var signature = Vault.BytesOf(await vault.SignAsync("ec", Message));

        Assert.Equal(0, await OpenSslAsync(folder, await vault.PublicKeyAsync("ec"), signature, "-rawin", "-digest", "sha256"));
    }

    [Theory]
    [InlineData("ecdsa-p256", "sha2-256")]
    [InlineData("ecdsa-p256", "sha2-224")]
    [InlineData("ecdsa-p256", "sha2-512")]
    [InlineData("ecdsa-p384", "sha2-384")]
    [InlineData("ecdsa-p521", "sha2-512")]
    public async Task An_ECDSA_signature_verifies_over_the_digest_that_was_asked_for(string type, string hash)
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ec", new { type });
        using var key = ECDsa.Create();
        key.ImportFromPem(await vault.PublicKeyAsync("ec"));

        var data = await vault.DataAsync("POST", $"transit/sign/ec/{hash}", new { input = Convert.ToBase64String(Message) });

        var digest = hash switch
        {
            "sha2-224" => Convert.FromHexString(Sha224OfMessage),
            "sha2-256" => SHA256.HashData(Message),
            "sha2-384" => SHA384.HashData(Message),
            _ => SHA512.HashData(Message),
        };
        Assert.True(key.VerifyHash(digest, Vault.BytesOf(data.GetProperty("signature").GetString()!),
            DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public async Task An_Ed25519_signature_is_the_same_each_time_and_another_for_another_message()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });

        Assert.Equal(await vault.SignAsync("ed", Message), await vault.SignAsync("ed", Message));
        Assert.NotEqual(await vault.SignAsync("ed", Message), await vault.SignAsync("ed", []));
    }

    [Fact]
    public async Task A_batch_of_a_thousand_signs_each_item_as_a_single_call_would()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
        var items = Enumerable.Range(0, 1000)
            .Select(i => new { input = Convert.ToBase64String(Encoding.UTF8.GetBytes($"item-{i:d5}")), reference = $"{i}" });

        var results = (await vault.DataAsync("POST", "transit/sign/ed", new { batch_input = items })).GetProperty("batch_results");

        Assert.Equal(1000, results.GetArrayLength());
        foreach (var i in new[] { 0, 1, 500, 999 })
        {
            Assert.Equal($"{i}", results[i].GetProperty("reference").GetString());
            Assert.Equal(await vault.SignAsync("ed", Encoding.UTF8.GetBytes($"item-{i:d5}")),
                results[i].GetProperty("signature").GetString());
        }
        Assert.Equal(1004, vault.Emulator.Signatures);
        Assert.Equal(5, vault.Emulator.SignCalls);
    }

    [Fact]
    public async Task Many_callers_with_different_keys_each_get_their_own_keys_signature()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        var expected = new Dictionary<string, string>();
        foreach (var key in new[] { "a", "b", "c" })
        {
            await vault.DataAsync("POST", $"transit/keys/{key}", new { type = "ed25519" });
            expected[key] = await vault.SignAsync(key, Message);
        }

        var signatures = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            var key = expected.Keys.ElementAt(i % 3);
            return (Key: key, Signature: await vault.SignAsync(key, Message));
        }));

        Assert.Equal(3, expected.Values.Distinct().Count());
        Assert.All(signatures, s => Assert.Equal(expected[s.Key], s.Signature));
    }

    [Fact]
    public async Task Trimmed_versions_are_gone_and_cannot_be_asked_back()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
        await vault.DataAsync("POST", "transit/keys/ed/rotate");
        await vault.DataAsync("POST", "transit/keys/ed/config", new { min_decryption_version = 2, min_encryption_version = 2 });
        await vault.DataAsync("POST", "transit/keys/ed/trim", new { min_available_version = 2 });

        var (status, body) = await vault.SendAsync("POST", "transit/keys/ed/config", new { min_decryption_version = 1 });
        Assert.Equal((400, "min decryption version should not be less then min available version"), (status, Vault.FirstError(body)));
        (status, body) = await vault.SendAsync("GET", "transit/export/public-key/ed/1");
        Assert.Equal((400, "version for export is below minimum decryption version"), (status, Vault.FirstError(body)));
        (status, body) = await vault.SendAsync("POST", "transit/keys/ed/trim", new { min_available_version = 9 });
        Assert.Equal((400, "minimum available version cannot be greater than minmum encryption version"), (status, Vault.FirstError(body)));
    }

    [Fact]
    public async Task Versions_verify_after_rotation_until_the_key_forgets_them()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
        var input = Convert.ToBase64String(Message);
        var first = await vault.SignAsync("ed", Message);
        await vault.DataAsync("POST", "transit/keys/ed/rotate");

        Assert.StartsWith("vault:v2:", await vault.SignAsync("ed", Message), StringComparison.Ordinal);
        var verified = await vault.DataAsync("POST", "transit/verify/ed", new { input, signature = first });
        Assert.True(verified.GetProperty("valid").GetBoolean());

        await vault.DataAsync("POST", "transit/keys/ed/config", new { min_decryption_version = 2 });
        Assert.False((await vault.DataAsync("GET", "transit/keys/ed")).GetProperty("keys").TryGetProperty("1", out _));
        var (status, body) = await vault.SendAsync("POST", "transit/verify/ed", new { input, signature = first });
        Assert.Equal((400, "ciphertext or signature version is disallowed by policy (too old)"), (status, Vault.FirstError(body)));
    }

    private static async Task<int> OpenSslAsync(TempFolder folder, string pem, byte[] signature, params string[] options)
    {
        await File.WriteAllTextAsync(folder["key.pem"], pem);
        await File.WriteAllBytesAsync(folder["message"], Message);
        await File.WriteAllBytesAsync(folder["signature"], signature);
        var start = new ProcessStartInfo("openssl",
            ["pkeyutl", "-verify", "-pubin", "-inkey", folder["key.pem"], "-in", folder["message"], "-sigfile", folder["signature"],
                .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var openssl = Process.Start(start)!;
        await openssl.WaitForExitAsync();
        return openssl.ExitCode;
    }
}
