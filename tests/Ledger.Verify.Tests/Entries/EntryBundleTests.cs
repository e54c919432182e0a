using Ledger.Verify.Entries;

namespace Ledger.Verify.Tests.Entries;

public class EntryBundleTests
{
    [Fact]
    public void Entries_follow_their_lengths_in_big_endian()
    {
        byte[][] entries = ["abc"u8.ToArray(), [], new byte[65_535]];
        var bundle = EntryBundle.Write(entries);
        Assert.Equal([0, 3, 0x61, 0x62, 0x63, 0, 0, 0xff, 0xff], bundle[..9]);
        Assert.True(EntryBundle.TryRead(bundle, 3, out var read, out _));
        Assert.Equal(entries, read);
        Assert.Throws<ArgumentException>(() => EntryBundle.Write([new byte[65_536]]));
    }

    [Fact]
    public void A_bundle_of_another_width_or_length_is_refused()
    {
        var bundle = EntryBundle.Write(["abc"u8.ToArray(), "d"u8.ToArray()]);
        foreach (var width in new[] { 0, 1, 3 }) Refused(bundle, width);
        for (var length = 0; length < bundle.Length; length++) Refused(bundle[..length], 2);
        Refused([.. bundle, 0], 2);
        Refused([.. bundle, 0, 0], 2);
        Assert.True(EntryBundle.TryRead([], 0, out var none, out _));
        Assert.Empty(none);
    }

    private static void Refused(byte[] bundle, int width)
    {
        Assert.False(EntryBundle.TryRead(bundle, width, out var entries, out var failure));
        Assert.Empty(entries);
        Assert.Equal(FailureCode.EntryBundleMalformed, failure);
    }
}
