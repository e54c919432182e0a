using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ledger.Verify.Anchoring;

/// <summary>
/// The way from a certificate to one pinned root. https://www.rfc-editor.org/rfc/rfc5280#section-6
/// The platform's own chain reads the machine's stores first, even when told to trust one root alone; this reads nothing.
/// </summary>
/// <param name="root">Where a way must end. It is trusted as it is, within its dates.</param>
/// <param name="links">Certificates that may lie between; none of them is trusted.</param>
/// <param name="time">When every certificate on the way must be valid.</param>
internal sealed class CertificatePath(X509Certificate2 root, IReadOnlyList<X509Certificate2> links, DateTimeOffset time)
{
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    private const string AnyPurpose = "2.5.29.37.0";

    /// <summary>Signatures looked at, so that no set of certificates of one name keeps the search going.</summary>
    private const int MostSignatures = 100;

    /// <summary>Critical extensions that are looked at here or with the token; with any other a certificate is not understood.</summary>
    private static readonly string[] Understood = ["2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.37"];

    private readonly HashSet<X509Certificate2> _onTheWay = new(ReferenceEqualityComparer.Instance);
    private int _signatures;

    /// <summary>Whether a way leads from this end entity to the root.</summary>
    public bool Reaches(X509Certificate2 certificate) => IsUnderstood(certificate) && Reaches(certificate, 0);

    private bool Reaches(X509Certificate2 certificate, int authoritiesBelow)
    {
        if (MayHaveIssued(root, certificate, authoritiesBelow) && HasSigned(root, certificate)) return true;
        foreach (var link in links)
        {
            if (_onTheWay.Contains(link) || !MayHaveIssued(link, certificate, authoritiesBelow) || !IsForTimestamps(link)) continue;
            if (!HasSigned(link, certificate)) continue;
            _onTheWay.Add(link);
            if (Reaches(link, authoritiesBelow + 1)) return true;
            _onTheWay.Remove(link);
        }

        return false;
    }

    private bool MayHaveIssued(X509Certificate2 issuer, X509Certificate2 certificate, int authoritiesBelow)
    {
        if (!issuer.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)) return false;
        if (time < issuer.NotBefore.ToUniversalTime() || time > issuer.NotAfter.ToUniversalTime() || !IsUnderstood(issuer)) return false;
        var constraints = issuer.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        if (constraints is not { CertificateAuthority: true }) return false;
        if (constraints.HasPathLengthConstraint && authoritiesBelow > constraints.PathLengthConstraint) return false;
        var usage = issuer.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        return usage is null || usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign);
    }

    private bool HasSigned(X509Certificate2 issuer, X509Certificate2 certificate) =>
        _signatures++ < MostSignatures && CertificateSignature.IsBy(issuer, certificate);

    /// <summary>A link that names purposes lends no others.</summary>
    private static bool IsForTimestamps(X509Certificate2 link) =>
        link.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is not { } purposes
        || purposes.EnhancedKeyUsages.Cast<Oid>().Any(purpose => purpose.Value is TimeStamping or AnyPurpose);

    private static bool IsUnderstood(X509Certificate2 certificate) =>
        certificate.Extensions.All(extension => !extension.Critical || Understood.Contains(extension.Oid?.Value));
}
