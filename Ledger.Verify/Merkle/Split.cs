using System.Numerics;

namespace Ledger.Verify.Merkle;

/// <summary>Where RFC 6962 cuts a range of leaves in two.</summary>
internal static class Split
{
    /// <summary>The largest power of two below <paramref name="count"/>, for a count of at least 2.</summary>
    public static long Of(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
