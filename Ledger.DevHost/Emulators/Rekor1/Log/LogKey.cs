using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Keys;
using Ledger.DevHost.Emulators.Logs;

namespace Ledger.DevHost.Emulators.Rekor1.Log;

/// <summary>
/// The log's ECDSA P-256 key: signs checkpoints and entry timestamps, each time anew, so that no two signatures are alike.
/// </summary>
internal sealed class LogKey(ECDsa key) : IDisposable
{
    private readonly byte[] spki = key.ExportSubjectPublicKeyInfo();

    /// <summary>SHA-256 of the DER SubjectPublicKeyInfo.</summary>
    public byte[] LogId { get; } = SHA256.HashData(key.ExportSubjectPublicKeyInfo());

    public string Pem => PemText.Of("PUBLIC KEY", spki);

    public static LogKey New() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static LogKey FromPkcs8(byte[] pkcs8)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return new LogKey(key);
    }

    /// <exception cref="CryptographicException">Not such a key; the message says what it has to be.</exception>
    public static LogKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.KeySize == 256 && key.ExportParameters(includePrivateParameters: true).D is not null)
                return new LogKey(key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // Said below, for all that it may be.
        }
        key.Dispose();
        throw new CryptographicException("not a PEM private key of ECDSA P-256, which a Rekor v1 signs with here");
    }

    public byte[] ToPkcs8() => key.ExportPkcs8PrivateKey();

    public byte[] Sign(ReadOnlySpan<byte> message) =>
        key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>First line <c>host - treeId</c>, key name <c>host</c>: so Rekor v1 does it.</summary>
    public string Checkpoint(string host, long treeId, long size, ReadOnlySpan<byte> root, Func<byte[], byte[]> sign)
    {
        var body = SignedNote.Body($"{host} - {treeId}", size, root);
        return SignedNote.Format(body, host, LogId, sign(SignedNote.Bytes(body)));
    }

    public void Dispose() => key.Dispose();
}
