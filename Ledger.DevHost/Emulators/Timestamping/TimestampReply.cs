using System.Formats.Asn1;

namespace Ledger.DevHost.Emulators.Timestamping;

/// <summary>TimeStampResp of RFC 3161, 2.4.2: granted with a token, or a rejection with its reason.</summary>
internal static class TimestampReply
{
    /// <summary>Bits of PKIFailureInfo.</summary>
    public const int BadAlgorithm = 0, BadDataFormat = 5;

    private const int Rejection = 2;

    public static byte[] Granted(byte[] token)
    {
        var w = new AsnWriter(AsnEncodingRules.DER);
        using (w.PushSequence())
        {
            using (w.PushSequence())
                w.WriteInteger(0);
            w.WriteEncodedValue(token);
        }
        return w.Encode();
    }

    public static byte[] Rejected(int failure)
    {
        var w = new AsnWriter(AsnEncodingRules.DER);
        using (w.PushSequence())
        using (w.PushSequence())
        {
            w.WriteInteger(Rejection);
            // A named bit list: bit 0 is the highest of the first byte, and no zero bit follows the last one.
            w.WriteBitString([(byte)(0x80 >> failure)], 7 - failure);
        }
        return w.Encode();
    }
}
