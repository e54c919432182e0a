using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>The forms of values that cosign takes, and that what is written reads back.</summary>
public sealed class FormTests
{
    // A fixed seed: a property that fails in one run fails in all.
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261122, 7);

    [Theory]
    [InlineData("3q2+7w==", "deadbeef")]
    [InlineData("3q2-7w==", "deadbeef")]
    [InlineData("3q2-7w", "deadbeef")]
    [InlineData("3q2+7x==", "deadbeef")]
    [InlineData("3q2+\r\n\r\n7w==", "deadbeef")]
    [InlineData("3q2+\n7w=", null)]
    [InlineData("3q2+\r\n7w==", null)]
    [InlineData("", "")]
    [InlineData("3q2+-w==", null)]
    [InlineData("3q2+7w=", null)]
    [InlineData("3q2+ 7w=", null)]
    [InlineData("3q2+7", null)]
    [InlineData("3q2+=7w=", null)]
    public void A_bytes_field_is_read_as_go_reads_it(string text, string? hex)
    {
        var read = LenientBase64.TryDecodeField(text, out var bytes);
        Assert.Equal(hex, read ? Convert.ToHexStringLower(bytes) : null);
    }

    [Theory]
    [InlineData("\"7\"", 7L)]
    [InlineData("7", 7L)]
    [InlineData("7.0", 7L)]
    [InlineData("\"70e-1\"", 7L)]
    [InlineData("\"-7\"", -7L)]
    [InlineData("\"9223372036854775807\"", long.MaxValue)]
    [InlineData("null", 0L)]
    [InlineData("\"9223372036854775808\"", null)]
    [InlineData("\"07\"", null)]
    [InlineData("\"+7\"", null)]
    [InlineData("\" 7\"", null)]
    [InlineData("\"7.5\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"-\"", null)]
    [InlineData("true", null)]
    public void An_int64_is_a_number_or_a_string_with_one(string json, long? expected)
    {
        Assert.True(ProtoJson.TryParse(Encoding.UTF8.GetBytes("{\"aB\":" + json + "}"), 100, out var root));
        var value = root.Int64("aB");
        Assert.Equal(expected, root.Complete() ? value : null);
    }

    [Theory]
    [InlineData("2020-01-01T00:00:00Z", "2020-01-01T00:00:00.0000000+00:00")]
    [InlineData("2020-01-01T01:30:00+01:30", "2020-01-01T00:00:00.0000000+00:00")]
    [InlineData("2020-01-01T00:00:00.123456789Z", "2020-01-01T00:00:00.1234567+00:00")]
    [InlineData("2020-02-30T00:00:00Z", null)]
    [InlineData("2020-01-01T00:00:00", null)]
    [InlineData("2020-01-01 00:00:00Z", null)]
    [InlineData("2020-01-01T00:00:00.Z", null)]
    public void A_time_is_rfc_3339(string text, string? expected)
    {
        var read = ProtoScalars.TryTime(text, out var time);
        Assert.Equal(expected, read ? time.ToString("O", null) : null);
    }

    [Fact]
    public void Every_bundle_that_is_written_reads_back_as_it_was() =>
        Check.One(Fixed, Prop.ForAll(Numbers, Numbers, Numbers, (first, second, third) =>
        {
            var random = new Random(HashCode.Combine(first, second, third) & int.MaxValue);
            byte[] Some(int length)
            {
                var bytes = new byte[length];
                random.NextBytes(bytes);
                return bytes;
            }

            Digest Hash() => new(Some(32));
            var path = Enumerable.Range(0, random.Next(4)).Select(_ => Hash()).ToArray();
            var inclusion = new LogInclusion(second, Hash(), third, path, "n\u2014\n");
            var promise = random.Next(2) == 0 ? Some(3) : null;
            var entry = new LogEntry(Math.Abs(first), Hash(), "kind", "1", third, promise, inclusion, Some(9));
            var bundle = new SigstoreBundle("h", new BundledSignature(Hash(), Some(5)), null, [entry, entry], [Some(7)]);
            var written = bundle.ToBytes();
            return SigstoreBundle.TryParse(written, out var read, out _) && read.ToBytes().AsSpan().SequenceEqual(written)
                && read.Entries[0].Inclusion.TreeSize == third && read.Entries[0].IntegratedTime == third
                && read.Entries[0].SignedEntryTimestamp is null == entry.SignedEntryTimestamp is null;
        }));

    [Fact]
    public void Every_trusted_root_that_is_written_reads_back_as_it_was() =>
        Check.One(Fixed, Prop.ForAll(Numbers, ticks =>
        {
            var from = new DateTimeOffset(Math.Abs(ticks % DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
            var root = new TrustedRoot(
                [VirtualLog.Rekor1().Trusted with { ValidFrom = from, ValidTo = from }, VirtualLog.Rekor2().Trusted],
                [Authority with { ValidTo = from }]);
            return TrustedRoot.TryParse(root.ToBytes(), out var read, out _) && read.ToBytes().AsSpan().SequenceEqual(root.ToBytes())
                && read.Logs[0].ValidFrom == from && read.Logs[0].ValidTo == from && read.TimestampAuthorities[0].ValidTo == from;
        }));

    private static TrustedTimestampAuthority Authority { get; } = new VirtualTsa().Trusted;

    // FsCheck's longs are small: spread them.
    private static Arbitrary<long> Numbers =>
        ArbMap.Default.GeneratorFor<long>().Select(value => value * unchecked((long)0x9E37_79B9_7F4A_7C15))
            .Where(value => value != long.MinValue).ToArbitrary();
}
