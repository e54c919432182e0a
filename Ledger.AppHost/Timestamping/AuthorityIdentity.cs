using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ledger.AppHost.Timestamping;

/// <summary>
/// A timestamping authority of this machine: the key of a leaf whose only use is timestamps (RFC 3161, 2.3), that leaf, and the root it is
/// under. One text of three PEM blocks, in this order: <c>PRIVATE KEY</c>, <c>CERTIFICATE</c> (leaf), <c>CERTIFICATE</c> (root).
/// </summary>
internal static class AuthorityIdentity
{
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    private const int Years = 10, SerialBytes = 16;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    public static string Create()
    {
        var begin = TimeProvider.System.GetUtcNow() - ClockSkew;
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Root(rootKey).CreateSelfSigned(begin, begin.AddYears(Years));
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = Leaf(leafKey, root).Create(root, begin, root.NotAfter, RandomNumberGenerator.GetBytes(SerialBytes));
        return string.Join('\n', leafKey.ExportPkcs8PrivateKeyPem(), leaf.ExportCertificatePem(), root.ExportCertificatePem()) + "\n";
    }

    public static string Key(string identity) => Blocks(identity, "PRIVATE KEY");

    /// <summary>Leaf first.</summary>
    public static string Certificates(string identity) => Blocks(identity, "CERTIFICATE");

    private static CertificateRequest Root(ECDsa key)
    {
        var request = new CertificateRequest("CN=Ledger AppHost timestamping root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static CertificateRequest Leaf(ECDsa key, X509Certificate2 root)
    {
        var request = new CertificateRequest("CN=Ledger AppHost timestamping", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(TimeStamping)], true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        return request;
    }

    private static string Blocks(string identity, string label)
    {
        var found = new List<string>();
        for (var rest = identity.AsSpan(); PemEncoding.TryFind(rest, out var block); rest = rest[block.Location.End..])
        {
            if (rest[block.Label] is var name && name.SequenceEqual(label))
                found.Add(rest[block.Location].ToString());
        }
        return found.Count > 0
            ? string.Join('\n', found) + "\n"
            : throw new DistributedApplicationException($"parameter timestamping-identity: it has no {label} in PEM");
    }
}
