using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Verify;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Api.Tests.Fixture;

/// <summary>A third party with a key of its own, that makes DSSE envelopes.</summary>
internal sealed class Attestor : IDisposable
{
    private readonly ECDsa? ecdsa;
    private readonly byte[]? seed;

    private Attestor(ECDsa? ecdsa, byte[]? seed, byte[] spki) => (this.ecdsa, this.seed, Spki) = (ecdsa, seed, spki);

    public byte[] Spki { get; }

    public string Pem => Verify.Signing.Spki.ToPem(Spki);

    public string KeyId => Convert.ToHexStringLower(SHA256.HashData(Spki));

    public static Attestor Ecdsa()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new Attestor(key, null, key.ExportSubjectPublicKeyInfo());
    }

    public static Attestor Edwards()
    {
        var seed = RandomNumberGenerator.GetBytes(32);
        return new Attestor(null, seed, Verify.Signing.Spki.OfEd25519(Ed25519.PublicKeyOf(seed)));
    }

    /// <summary>A statement about these subjects.</summary>
    public static string Statement(params Digest[] subjects) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["_type"] = "https://in-toto.io/Statement/v1",
        ["subject"] = subjects.Select((s, i) => new { name = $"file-{i}", digest = new { sha256 = s.ToHex() } }),
        ["predicateType"] = "https://openvex.dev/ns/v0.2.0",
        ["predicate"] = new { statements = Array.Empty<string>() },
    });

    public byte[] Sign(byte[] data) => seed is not null ? Ed25519.Sign(seed, data)
        : ecdsa!.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public string Envelope(string statement, string? keyId = "", string type = "application/vnd.in-toto+json")
    {
        var payload = Encoding.UTF8.GetBytes(statement);
        var sig = Convert.ToBase64String(Sign(Dsse.Pae(type, payload)));
        var id = keyId is null ? "" : $"\"keyid\":\"{keyId}\",";
        return $$"""{"payloadType":"{{type}}","payload":"{{Convert.ToBase64String(payload)}}","signatures":[{{{id}}"sig":"{{sig}}"}]}""";
    }

    /// <summary>Registers the key with a tenant.</summary>
    public async Task<Attestor> RegisteredAsync(ApiUnderTest ledger, string tenant, string name = "ci")
    {
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var answer = await admin.PostAsJsonAsync("/api/v1/attestation-keys", new { name, public_key = Pem });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return this;
    }

    public void Dispose() => ecdsa?.Dispose();
}
