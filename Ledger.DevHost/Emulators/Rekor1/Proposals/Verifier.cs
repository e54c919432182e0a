using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Emulators.Rekor1.Proposals;

/// <summary>What a signature is verified with: a PEM public key, or the one in a PEM certificate.</summary>
internal sealed class Verifier
{
    private const string SubjectAlternativeName = "2.5.29.17";

    private Verifier(string pem, SubjectKey key, IReadOnlyList<string> emails) => (Pem, Key, Emails) = (pem, key, emails);

    /// <summary>As the log writes it: one block, lines of 64.</summary>
    public string Pem { get; }

    public SubjectKey Key { get; }

    /// <summary>E-mail addresses of the certificate.</summary>
    public IReadOnlyList<string> Emails { get; }

    /// <summary>The key under which it is found: SHA-256 of its PEM.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Pem)));

    public string Base64 => Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem));

    /// <exception cref="Refused">Not PEM, or not a key that anybody takes.</exception>
    public static Verifier Parse(byte[] pem)
    {
        var text = Encoding.Latin1.GetString(pem);
        if (!PemEncoding.TryFind(text, out var found))
            throw new Refused("invalid public key: failure decoding PEM");
        var label = text[found.Label];
        var der = Convert.FromBase64String(text[found.Base64Data]);
        if (PemEncoding.TryFind(text.AsSpan(found.Location.End.Value), out _))
            throw new Refused("x509: malformed serial number"); // two blocks are taken for a chain of certificates
        return label switch
        {
            "PUBLIC KEY" => new Verifier(PemText.Of(label, der), Known(SubjectKey.TryRead(der)), []),
            "CERTIFICATE" => OfCertificate(der),
            _ => throw new Refused($"invalid public key: cannot handle type {label}"),
        };
    }

    private static Verifier OfCertificate(byte[] der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            var key = SubjectKey.TryRead(certificate.PublicKey.ExportSubjectPublicKeyInfo());
            return new Verifier(PemText.Of("CERTIFICATE", der), Known(key), EmailsOf(certificate));
        }
        catch (CryptographicException)
        {
            throw new Refused("x509: malformed certificate");
        }
    }

    private static SubjectKey Known(SubjectKey? key) => key ?? throw new Refused("asn1: structure error: not a public key");

    private static List<string> EmailsOf(X509Certificate2 certificate)
    {
        var emails = new List<string>();
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
            return emails;
        var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        var email = new Asn1Tag(TagClass.ContextSpecific, 1);
        while (names.HasData)
        {
            if (names.PeekTag() == email)
                emails.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, email).ToLowerInvariant());
            else
                names.ReadEncodedValue();
        }
        return emails;
    }
}
