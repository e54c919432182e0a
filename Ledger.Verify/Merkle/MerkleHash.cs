using System.Security.Cryptography;

namespace Ledger.Verify.Merkle;

/// <summary>
/// The two hashes of RFC 6962 §2.1: leaves and inner nodes are prefixed apart, so that no node can be passed off as a leaf.
/// https://www.rfc-editor.org/rfc/rfc6962#section-2.1
/// </summary>
public static class MerkleHash
{
    private const int StackBytes = 1024;

    /// <summary>The root of the tree without leaves: SHA-256 of nothing.</summary>
    public static Digest EmptyRoot { get; } = Digest.Sha256([]);

    /// <summary>SHA-256(0x00 ‖ data).</summary>
    public static Digest Leaf(ReadOnlySpan<byte> data)
    {
        if (data.Length >= StackBytes) return LongLeaf(data);
        Span<byte> input = stackalloc byte[StackBytes];
        input[0] = 0x00;
        data.CopyTo(input[1..]);
        return Digest.Sha256(input[..(data.Length + 1)]);
    }

    /// <summary>SHA-256(0x01 ‖ left ‖ right).</summary>
    public static Digest Node(in Digest left, in Digest right)
    {
        Span<byte> input = stackalloc byte[1 + 2 * Digest.Size];
        input[0] = 0x01;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Digest.Size)..]);
        return Digest.Sha256(input);
    }

    private static Digest LongLeaf(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0x00]);
        hash.AppendData(data);
        Span<byte> digest = stackalloc byte[Digest.Size];
        hash.GetHashAndReset(digest);
        return new Digest(digest);
    }
}
