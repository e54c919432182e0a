using System.Formats.Asn1;
using System.Numerics;

namespace Ledger.DevHost.Emulators.Timestamping;

/// <summary>
/// TimeStampReq of RFC 3161, 2.4.1:
/// <code>SEQUENCE { version INTEGER (1), SEQUENCE { SEQUENCE { hash OID, NULL? }, imprint OCTET STRING }, policy OID?, nonce INTEGER?,
/// certReq BOOLEAN DEFAULT FALSE, extensions [0]? }</code>
/// </summary>
internal sealed record TimestampQuery(string HashOid, byte[] Imprint, string? Policy, BigInteger? Nonce, bool WantsCertificates)
{
    /// <summary>Bytes of a digest, by its algorithm; what is not in here is refused.</summary>
    public static readonly IReadOnlyDictionary<string, int> DigestBytes = new Dictionary<string, int>
    {
        ["2.16.840.1.101.3.4.2.1"] = 32,
        ["2.16.840.1.101.3.4.2.2"] = 48,
        ["2.16.840.1.101.3.4.2.3"] = 64,
    };

    /// <summary>Null: it is no query.</summary>
    public static TimestampQuery? TryParse(byte[] der)
    {
        try
        {
            var outer = new AsnReader(der, AsnEncodingRules.DER);
            var query = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            if (query.ReadInteger() != 1)
                return null;
            var imprint = query.ReadSequence();
            var hash = imprint.ReadSequence().ReadObjectIdentifier();
            var digest = imprint.ReadOctetString();
            var policy = Next(query, UniversalTagNumber.ObjectIdentifier) ? query.ReadObjectIdentifier() : null;
            var nonce = Next(query, UniversalTagNumber.Integer) ? query.ReadInteger() : (BigInteger?)null;
            var wantsCertificates = Next(query, UniversalTagNumber.Boolean) && query.ReadBoolean();
            return new TimestampQuery(hash, digest, policy, nonce, wantsCertificates);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static bool Next(AsnReader reader, UniversalTagNumber tag) => reader.HasData && reader.PeekTag() == new Asn1Tag(tag);
}
