using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Rekor2.Requests;

namespace Ledger.DevHost.Emulators.Rekor2.Log;

/// <summary>Somebody else who uses the same log: one true entry, of a key that nobody here knows, logged when it is first needed.</summary>
internal sealed class Stranger(Rekor2Log log)
{
    private int? index;

    public int Entry() => index ??= log.Add(Make(), forgetful: false).Index;

    private static byte[] Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var digest = SHA256.HashData("not yours"u8);
        var signature = key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence);
        var details = KeyDetails.Named("PKIX_ECDSA_P256_SHA_256")!;
        return CanonicalBody.Of(details, digest, signature, key.ExportSubjectPublicKeyInfo(), isCertificate: false);
    }
}
