using System.Buffers.Binary;

namespace Ledger.Verify.Entries;

/// <summary>Consecutive leaves as one file, each after its length in 16 bits, big-endian. https://c2sp.org/tlog-tiles#log-entries</summary>
// Example: 00 03 61 62 63 00 01 64 holds "abc" and "d".
public static class EntryBundle
{
    /// <exception cref="ArgumentException">An entry is longer than 65 535 bytes.</exception>
    public static byte[] Write(IReadOnlyList<byte[]> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var bundle = new byte[entries.Sum(entry => 2 + entry.Length)];
        var at = 0;
        foreach (var entry in entries)
        {
            if (entry.Length > Limits.LeafBytes)
            {
                throw new ArgumentException($"An entry has at most {Limits.LeafBytes} bytes.", nameof(entries));
            }

            BinaryPrimitives.WriteUInt16BigEndian(bundle.AsSpan(at), (ushort)entry.Length);
            entry.CopyTo(bundle, at + 2);
            at += 2 + entry.Length;
        }

        return bundle;
    }

    /// <summary>Reads exactly <paramref name="width"/> entries that fill the bundle.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bundle, int width, out IReadOnlyList<byte[]> entries, out FailureCode failure)
    {
        entries = [];
        failure = FailureCode.EntryBundleMalformed;
        var read = new List<byte[]>();
        while (!bundle.IsEmpty)
        {
            if (read.Count == width || bundle.Length < 2) return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle);
            if (bundle.Length < 2 + length) return false;
            read.Add(bundle.Slice(2, length).ToArray());
            bundle = bundle[(2 + length)..];
        }

        if (read.Count != width) return false;
        entries = read;
        failure = default;
        return true;
    }
}
