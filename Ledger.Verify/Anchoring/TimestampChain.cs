using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ledger.Verify.Anchoring;

/// <summary>The pinned certificates of one timestamp authority, and whether a certificate leads to the last of them.</summary>
internal sealed class TimestampChain : IDisposable
{
    private static readonly Oid TimeStamping = new("1.3.6.1.5.5.7.3.8");

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
    /// <param name="signer">The certificate that verified the token.</param>
    /// <param name="time">When.</param>
    /// <param name="beside">Certificates that came with the token: links at most, never trusted.</param>
    public bool Leads(X509Certificate2 signer, DateTimeOffset time, X509Certificate2Collection beside)
    {
        if (IsAuthority(signer)) return false;
        var root = _certificates[^1];
        // Its own dates and purpose were looked at with the token.
        if (signer.RawDataMemory.Span.SequenceEqual(root.RawDataMemory.Span)) return true;
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.Add(root);
        policy.ExtraStore.AddRange(_certificates);
        policy.ExtraStore.AddRange(beside);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = time.UtcDateTime;
        policy.VerificationTimeIgnored = false;
        policy.ApplicationPolicy.Add(TimeStamping);
        // A pinned end that is not self-signed is an end all the same; whether it is the pinned one is compared below.
        policy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        try
        {
            return chain.Build(signer)
                && chain.ChainElements[^1].Certificate.RawDataMemory.Span.SequenceEqual(root.RawDataMemory.Span);
        }
        finally
        {
            foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var certificate in _certificates) certificate.Dispose();
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { CertificateAuthority: true };
}
