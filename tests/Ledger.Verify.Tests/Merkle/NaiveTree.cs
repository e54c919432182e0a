using System.Security.Cryptography;

namespace Ledger.Verify.Tests.Merkle;

/// <summary>
/// RFC 6962 §2.1 written down word by word over a list of leaves: slow, recursive, sharing nothing with the product but the digest type.
/// </summary>
/// <param name="size">Leaves there are at most.</param>
/// <param name="leaf">A leaf's data; null for <see cref="LeafData"/>.</param>
internal sealed class NaiveTree(int size, Func<int, byte[]>? leaf = null)
{
    private readonly Dictionary<(int, int), Digest> _known = [];
    private readonly Func<int, byte[]> _leaf = leaf ?? LeafData;

    public static byte[] LeafData(int index) => System.Text.Encoding.ASCII.GetBytes($"leaf {index}");

    public Digest Root(int count) => Mth(0, count);

    public Digest LeafHash(int index) => Mth(index, index + 1);

    /// <summary>MTH of the leaves from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public Digest Mth(int start, int end)
    {
        Assert.InRange(end, start, size);
        if (_known.TryGetValue((start, end), out var known)) return known;
        var hash = (end - start) switch
        {
            0 => SHA256.HashData([]),
            1 => SHA256.HashData([0, .. _leaf(start)]),
            var n => SHA256.HashData([1, .. Mth(start, start + K(n)).ToArray(), .. Mth(start + K(n), end).ToArray()]),
        };
        return _known[(start, end)] = new Digest(hash);
    }

    /// <summary>PATH(m, D[n]).</summary>
    public List<Digest> Path(int m, int n) => Path(m, 0, n);

    /// <summary>PROOF(m, D[n]).</summary>
    public List<Digest> Proof(int m, int n) => SubProof(m, 0, n, true);

    private static int K(int n)
    {
        var k = 1;
        while (k * 2 < n) k *= 2;
        return k;
    }

    private List<Digest> Path(int m, int start, int end)
    {
        var n = end - start;
        if (n == 1) return [];
        var k = K(n);
        return m < k
            ? [.. Path(m, start, start + k), Mth(start + k, end)]
            : [.. Path(m - k, start + k, end), Mth(start, start + k)];
    }

    private List<Digest> SubProof(int m, int start, int end, bool b)
    {
        var n = end - start;
        if (m == n) return b ? [] : [Mth(start, end)];
        var k = K(n);
        return m <= k
            ? [.. SubProof(m, start, start + k, b), Mth(start + k, end)]
            : [.. SubProof(m - k, start + k, end, false), Mth(start, start + k)];
    }
}
