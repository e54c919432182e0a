using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Anchoring;

/// <summary>Section <c>Timestamping</c>: the RFC 3161 authority. Required by a v2 log, which gives no time of its own.</summary>
public sealed class TimestampingOptions : IValidatableObject
{
    public const string Section = "Timestamping";

    /// <summary>Where it takes queries, e.g. <c>https://timestamp.sigstore.dev/api/v1/timestamp</c>.</summary>
    public Uri? Url { get; set; }

    /// <summary>Its certificates, pinned, leaf first and root last: PEM text, or the path of a file with it.</summary>
    public string? Certificates { get; set; }

    /// <summary>The authority as a verifier wants it; null where none is configured.</summary>
    internal TrustedTimestampAuthority? Trusted() => Url is null ? null
        : new TrustedTimestampAuthority(Url.AbsoluteUri, Chain(), DateTimeOffset.UnixEpoch, ValidTo: null);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Url is null && string.IsNullOrWhiteSpace(Certificates)) yield break;
        if (ServerUrl.Fault(Url, "https://timestamp.example.com/api/v1/timestamp") is { } fault)
            yield return new ValidationResult(fault, [nameof(Url)]);
        if (ChainFault() is { } chain) yield return new ValidationResult(chain, [nameof(Certificates)]);
    }

    private string? ChainFault()
    {
        if (string.IsNullOrWhiteSpace(Certificates))
            return "is not set: the authority's chain as PEM, leaf first, or the path of a PEM file.";
        if (!PemSetting.TryRead(Certificates, out _, out var fault)) return fault;
        try { return Chain().Count > 0 ? null : "has no certificate in it (-----BEGIN CERTIFICATE-----)."; }
        catch (CryptographicException) { return "has a block that is not a certificate."; }
    }

    private List<byte[]> Chain()
    {
        PemSetting.TryRead(Certificates!, out var pem, out _);
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        var chain = certificates.Select(certificate => certificate.RawData).ToList();
        foreach (var certificate in certificates) certificate.Dispose();
        return chain;
    }
}
