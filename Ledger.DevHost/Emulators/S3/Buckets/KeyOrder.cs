namespace Ledger.DevHost.Emulators.S3.Buckets;

/// <summary>Keys in the order of their UTF-8 bytes, in which lists are. UTF-16's own differs above U+D7FF.</summary>
internal sealed class KeyOrder : IComparer<string>
{
    public static readonly KeyOrder Utf8 = new();

    public int Compare(string? x, string? y)
    {
        var a = x.AsSpan();
        var b = y.AsSpan();
        var same = a.CommonPrefixLength(b);
        return same == a.Length || same == b.Length ? a.Length - b.Length : Rank(a[same]) - Rank(b[same]);
    }

    // Surrogates stand for what is above all the rest.
    private static int Rank(char letter) => char.IsSurrogate(letter) ? letter + 0x10000 : letter;
}
