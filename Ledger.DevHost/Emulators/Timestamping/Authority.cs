using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Emulators.Timestamping;

/// <summary>
/// A root and a leaf under it, both ECDSA P-256. The leaf may do nothing but timestamps: its extended key usage is that alone, and
/// critical, as RFC 3161, 2.3 asks for.
/// </summary>
internal sealed class Authority : IDisposable
{
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    private readonly ECDsa key = ECDsa.Create();

    private Authority(State state)
    {
        key.ImportPkcs8PrivateKey(state.Key, out _);
        Leaf = X509CertificateLoader.LoadCertificate(state.Leaf);
        Root = X509CertificateLoader.LoadCertificate(state.Root);
    }

    public X509Certificate2 Leaf { get; }

    public X509Certificate2 Root { get; }

    /// <summary>Leaf first.</summary>
    public string Pem => PemText.Of("CERTIFICATE", Leaf.RawData) + PemText.Of("CERTIFICATE", Root.RawData);

    /// <summary>Kept in <c>authority.json</c>; made for ten years at the first start.</summary>
    public static Authority Open(string folder, DateTimeOffset now)
    {
        StateFile.MakeDirectory(folder);
        var path = Path.Combine(folder, "authority.json");
        var state = StateFile.Read<State>(path);
        if (state is null)
        {
            state = Make(now);
            StateFile.Write(path, state);
        }
        return new Authority(state);
    }

    /// <summary>One that nobody trusts.</summary>
    public static Authority Throwaway(DateTimeOffset now) => new(Make(now));

    public byte[] Sign(byte[] message) => key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose()
    {
        key.Dispose();
        Leaf.Dispose();
        Root.Dispose();
    }

    private static State Make(DateTimeOffset now)
    {
        // A day of room behind: a clock may be wrong, and a fault may want it so.
        var (from, to) = (now.AddDays(-1), now.AddYears(10));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Ledger DevHost TSA root", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, false));
        using var issuer = root.CreateSelfSigned(from, to);

        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=Ledger DevHost TSA", leafKey, HashAlgorithmName.SHA256);
        leaf.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        leaf.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(TimeStamping)], true));
        leaf.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(leaf.PublicKey, false));
        leaf.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        using var issued = leaf.Create(issuer, from, to, SerialNumber());
        return new State(leafKey.ExportPkcs8PrivateKey(), issued.RawData, issuer.RawData);
    }

    private static byte[] SerialNumber()
    {
        var number = RandomNumberGenerator.GetBytes(16);
        number[0] = (byte)(number[0] & 0x7f | 0x40); // positive, and never shorter than it is
        return number;
    }

    private sealed record State(byte[] Key, byte[] Leaf, byte[] Root);
}
