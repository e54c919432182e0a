using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Emulators.Timestamping;

/// <summary>
/// A leaf and its issuers up to a root; its own are both ECDSA P-256. The leaf may do nothing but timestamps: its extended key usage is
/// that alone, and critical, as RFC 3161, 2.3 asks for.
/// </summary>
internal sealed class Authority : IDisposable
{
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    private readonly ECDsa key;

    private Authority(ECDsa key, IReadOnlyList<X509Certificate2> chain) => (this.key, Chain) = (key, chain);

    /// <summary>Leaf first.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; }

    public X509Certificate2 Leaf => Chain[0];

    /// <summary>Leaf first.</summary>
    public string Pem => string.Concat(Chain.Select(one => PemText.Of("CERTIFICATE", one.RawData)));

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
        return Of(state);
    }

    /// <exception cref="CryptographicException">The message says what is wrong with the key or the certificates.</exception>
    public static Authority Of(AuthorityOptions options)
    {
        var (key, chain) = (ECDsa.Create(), new X509Certificate2Collection());
        try
        {
            key.ImportFromPem(options.SignerKey);
            chain.ImportFromPem(options.Certificates);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new CryptographicException("not a PEM private key of ECDSA with PEM certificates", e);
        }
        var authority = new Authority(key, [.. chain]);
        if (authority.Fault() is not { } fault)
            return authority;
        authority.Dispose();
        throw new CryptographicException(fault);
    }

    /// <summary>One that nobody trusts.</summary>
    public static Authority Throwaway(DateTimeOffset now) => Of(Make(now));

    public byte[] Sign(byte[] message) => key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose()
    {
        key.Dispose();
        foreach (var certificate in Chain)
            certificate.Dispose();
    }

    private static Authority Of(State state)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(state.Key, out _);
        return new Authority(key, [X509CertificateLoader.LoadCertificate(state.Leaf), X509CertificateLoader.LoadCertificate(state.Root)]);
    }

    private string? Fault()
    {
        if (Chain.Count == 0)
            return "there is no certificate";
        using var certified = Leaf.GetECDsaPublicKey();
        if (certified is null || !certified.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
            return "the first certificate is not of the signer's key";
        var usages = Leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().SingleOrDefault();
        return usages is { Critical: true } && usages.EnhancedKeyUsages.Cast<Oid>().Select(usage => usage.Value).ToArray() is [TimeStamping]
            ? null
            : "the first certificate is not for timestamps alone (extended key usage timeStamping, critical)";
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
