namespace Ledger.Verify.Tests.Merkle;

internal static class Flip
{
    /// <summary>
    /// The bits to flip in trees of a size: all 256 up to 33 leaves and around the larger powers of two, where every shape of proof occurs;
    /// elsewhere one bit of each byte, another for each <paramref name="turn"/>, so that all are flipped in the course of a size.
    /// </summary>
    public static IEnumerable<int> Bits(int size, int turn) =>
        size <= 33 || size is 63 or 64 or 65 or 100
            ? Enumerable.Range(0, 256)
            : Enumerable.Range(0, 32).Select(i => 8 * i + (turn + i) % 8);

    /// <summary>The digest with one of its 256 bits turned.</summary>
    public static Digest Bit(Digest digest, int bit)
    {
        Span<byte> bytes = stackalloc byte[Digest.Size];
        digest.CopyTo(bytes);
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return new Digest(bytes);
    }
}
