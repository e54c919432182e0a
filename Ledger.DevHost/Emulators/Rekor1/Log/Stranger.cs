using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators.Keys;
using Ledger.DevHost.Emulators.Rekor1.Proposals;

namespace Ledger.DevHost.Emulators.Rekor1.Log;

/// <summary>Somebody else who uses the same log: one true entry, of a key that nobody here knows, logged when it is first needed.</summary>
internal sealed class Stranger(Rekor1Log log, TimeProvider time)
{
    private Place? place;

    public Place Entry() => place ??= log.Add(Make(), time.GetUtcNow().ToUnixTimeSeconds()).Place;

    private static CanonicalEntry Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var artifact = "not yours"u8;
        var signature = key.SignData(artifact, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var pem = Encoding.ASCII.GetBytes(PemText.Of("PUBLIC KEY", key.ExportSubjectPublicKeyInfo()));
        var value = Convert.ToHexStringLower(SHA256.HashData(artifact));
        var spec = new JsonObject
        {
            ["data"] = new JsonObject { ["hash"] = CanonicalEntry.Hash("sha256", value) },
            ["signature"] = new JsonObject
            {
                ["content"] = Convert.ToBase64String(signature),
                ["publicKey"] = new JsonObject { ["content"] = Convert.ToBase64String(pem) },
            },
        };
        return CanonicalEntry.Of("hashedrekord", spec, ["sha256:" + value]);
    }
}
