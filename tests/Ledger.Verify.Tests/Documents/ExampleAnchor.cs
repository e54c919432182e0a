using System.Globalization;
using System.Numerics;
using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Documents;

/// <summary>
/// An anchor of the example's checkpoint, every byte of which anybody can make: a Rekor v2 of two entries whose Ed25519 seed is 32 times
/// 03, and the anchor key whose private number is 1.
/// </summary>
internal static class ExampleAnchor
{
    private const string Origin = "rekor.example";

    private static readonly byte[] LogSeed = [.. Enumerable.Repeat((byte)3, 32)];

    /// <summary>The P-256 key whose private number is 1: its point is the curve's generator.</summary>
    public static readonly byte[] AnchorKey = Convert.FromHexString(
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
        + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

    /// <summary>The payload key's private number is 2: the generator doubled.</summary>
    public static readonly byte[] PayloadKey = Convert.FromHexString(
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
        + "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978"
        + "07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1");

    public static TrustedRoot TrustedRoot()
    {
        var spki = Spki.OfEd25519(Ed25519.PublicKeyOf(LogSeed));
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new TrustedRoot([new TrustedLog(LogKey.IdOf(Origin, spki), Origin, spki, start, null)], []);
    }

    public static byte[] Body(Checkpoint checkpoint)
    {
        var digest = DigestOf(checkpoint);
        return LogBody.HashedRekordV2(digest, Sign(digest), AnchorKey);
    }

    public static SigstoreBundle Of(Checkpoint checkpoint)
    {
        var (digest, body, log) = (DigestOf(checkpoint), Body(checkpoint), TrustedRoot().Logs[0]);
        // The log's first entry is two bytes of somebody else's.
        var other = MerkleHash.Leaf("{}"u8);
        var root = MerkleHash.Node(other, MerkleHash.Leaf(body));
        var key = new VerifierKey(Origin, Ed25519.PublicKeyOf(LogSeed));
        var text = new Checkpoint(Origin, 2, root).Body();
        var note = new Note(text, [key.SignatureLine(Ed25519.Sign(LogSeed, Encoding.UTF8.GetBytes(text)))]).Format();
        var entry = new LogEntry(1, log.LogId, LoggedContent.HashedRekord, LoggedContent.V2, 0, null,
            new LogInclusion(1, root, 2, [other], note), body);
        var hint = CanonicalBase64.Encode(Digest.Sha256(AnchorKey).ToArray());
        return new SigstoreBundle(hint, new BundledSignature(digest, Sign(digest)), null, [entry], []);
    }

    private static Digest DigestOf(Checkpoint checkpoint) => Digest.Sha256(Encoding.UTF8.GetBytes(checkpoint.Body()));

    /// <summary>
    /// ECDSA with private number 1 and nonce 1: r is the generator's x, s is (digest + r) mod n. Nobody may sign so in earnest, since the
    /// nonce tells the key; here there is none to tell.
    /// </summary>
    private static byte[] Sign(Digest digest)
    {
        static BigInteger Number(string hex) => BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var order = Number("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        var r = Number("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(r);
            writer.WriteInteger((Number(digest.ToHex()) + r) % order);
        }

        return writer.Encode();
    }
}
