using System.Security.Cryptography;

namespace Ledger.AppHost.Parameters;

/// <summary>
/// A private key, ECDSA P-256:
/// <code>
/// -----BEGIN PRIVATE KEY-----
/// MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0w…
/// -----END PRIVATE KEY-----
/// </code>
/// </summary>
internal static class EcdsaKey
{
    public static string Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>The public half, <c>-----BEGIN PUBLIC KEY-----</c>.</summary>
    /// <exception cref="DistributedApplicationException">The text is no private key.</exception>
    public static string PublicHalf(string pem)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new DistributedApplicationException("parameter rekor-log-key: not an ECDSA private key in PEM", e);
        }
        return key.ExportSubjectPublicKeyInfoPem();
    }
}
