using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.Xml;

namespace Ledger.Verify.Anchoring;

/// <summary>A granted TimeStampResp with its token.</summary>
/*
SEQUENCE { PKIStatusInfo SEQUENCE { INTEGER 0 }, ContentInfo SEQUENCE { 1.2.840.113549.1.7.2, [0] SignedData } }; in the token the TSTInfo
SEQUENCE { INTEGER 1, OID policy, SEQUENCE { SEQUENCE { sha256 }, OCTET STRING imprint }, INTEGER serial, GeneralizedTime, … }
*/
internal sealed class TimestampResponse
{
    private readonly Rfc3161TimestampToken _token;

    private TimestampResponse(Rfc3161TimestampToken token) => _token = token;

    public DateTimeOffset Time => _token.TokenInfo.Timestamp.ToUniversalTime();

    public static bool TryParse(byte[] response, out TimestampResponse parsed)
    {
        parsed = null!;
        try
        {
            var reader = new AsnReader(response, AsnEncodingRules.BER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            // 0 is granted. 1, granted with modifications, is one that cosign refuses.
            if (sequence.ReadSequence().ReadInteger() != 0) return false;
            var token = sequence.ReadEncodedValue();
            sequence.ThrowIfNotEmpty();
            if (!Rfc3161TimestampToken.TryDecode(token, out var decoded, out var consumed) || consumed != token.Length) return false;
            parsed = new TimestampResponse(decoded);
            return true;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether the imprint is a hash of exactly these bytes.</summary>
    public bool IsOver(byte[] data) => _token.TokenInfo.HashAlgorithmId.Value switch
    {
        "2.16.840.1.101.3.4.2.1" => Is(SHA256.HashData(data)),
        "2.16.840.1.101.3.4.2.2" => Is(SHA384.HashData(data)),
        "2.16.840.1.101.3.4.2.3" => Is(SHA512.HashData(data)),
        _ => false,
    };

    /// <summary>Null when the authority made this token and could be believed then.</summary>
    public FailureCode? Judge(TrustedTimestampAuthority authority)
    {
        using var chain = TimestampChain.Of(authority.Certificates);
        if (chain is null) return FailureCode.TimestampAuthorityUnknown;
        try
        {
            // The certificate is in the token where the request asked for it, else it can only be the pinned one.
            var info = _token.AsSignedCms().SignerInfos[0];
            if ((info.Certificate ?? chain.Leaf) is not { } signer) return FailureCode.TimestampSignatureInvalid;
            if (info.SignerIdentifier.Value is X509IssuerSerial named && named.SerialNumber != signer.SerialNumber)
                return FailureCode.TimestampAuthorityUnknown;
            info.CheckSignature([signer], verifySignatureOnly: true);
            if (chain.Leaf is { } leaf && !leaf.RawDataMemory.Span.SequenceEqual(signer.RawDataMemory.Span))
                return FailureCode.TimestampAuthorityUnknown;

            // The platform's own reading of RFC 3161: the certificate named in the signed attributes, its purpose, its dates.
            var (imprint, hash) = (_token.TokenInfo.GetMessageHash(), _token.TokenInfo.HashAlgorithmId);
            if (!_token.VerifySignatureForHash(imprint.Span, hash, out _, [signer])) return FailureCode.TimestampCertificateInvalid;
            if (!chain.Leads(signer, Time, _token.AsSignedCms().Certificates)) return FailureCode.TimestampCertificateInvalid;
        }
        catch (CryptographicException)
        {
            return FailureCode.TimestampSignatureInvalid;
        }

        return Time < authority.ValidFrom || Time > authority.ValidTo ? FailureCode.TimestampOutOfValidity : null;
    }

    private bool Is(byte[] hash) => _token.TokenInfo.GetMessageHash().Span.SequenceEqual(hash);
}
