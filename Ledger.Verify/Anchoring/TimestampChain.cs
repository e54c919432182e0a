using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ledger.Verify.Anchoring;

/// <summary>The pinned certificates of one timestamp authority, and whether a certificate leads to the last of them.</summary>
internal sealed class TimestampChain : IDisposable
{
    private readonly X509Certificate2[] _certificates;

    private TimestampChain(X509Certificate2[] certificates) => _certificates = certificates;

    /// <summary>The certificate that signs; null where only certificates above it are pinned.</summary>
    public X509Certificate2? Leaf => IsAuthority(_certificates[0]) ? null : _certificates[0];

    /// <summary>Null when there is no root in it, or a certificate cannot be read.</summary>
    /// <param name="certificates">DER, leaf first, root last.</param>
    public static TimestampChain? Of(IReadOnlyList<byte[]> certificates)
    {
        var loaded = new List<X509Certificate2>();
        try
        {
            foreach (var certificate in certificates) loaded.Add(X509CertificateLoader.LoadCertificate(certificate));
        }
        catch (CryptographicException)
        {
            loaded.ForEach(certificate => certificate.Dispose());
            return null;
        }

        var chain = new TimestampChain([.. loaded]);
        if (loaded.Count > (chain._certificates is [var first, ..] && !IsAuthority(first) ? 1 : 0)) return chain;
        chain.Dispose();
        return null;
    }

    /// <summary>Whether the signer is an end entity and led at that time to the pinned root, by its purpose too.</summary>
    /// <param name="signer">The certificate that verified the token; its own dates and purpose were looked at with that.</param>
    /// <param name="time">When.</param>
    /// <param name="beside">Certificates that came with the token: links at most, never trusted.</param>
    public bool Leads(X509Certificate2 signer, DateTimeOffset time, X509Certificate2Collection beside)
    {
        if (IsAuthority(signer)) return false;
        var root = _certificates[^1];
        if (Same(signer, root)) return true;
        var path = new CertificatePath(root, [.. _certificates[..^1], .. beside], time);
        return path.Reaches(signer);
    }

    public void Dispose()
    {
        foreach (var certificate in _certificates) certificate.Dispose();
    }

    private static bool Same(X509Certificate2 one, X509Certificate2 other) =>
        one.RawDataMemory.Span.SequenceEqual(other.RawDataMemory.Span);

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { CertificateAuthority: true };
}
