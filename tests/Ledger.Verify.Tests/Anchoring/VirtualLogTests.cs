using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>The fixture makes what the checks accept; everything else here rests on that.</summary>
public sealed class VirtualLogTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_entry_passes_its_checks_at_every_size(bool v1)
    {
        var log = (v1 ? VirtualLog.Rekor1() : VirtualLog.Rekor2()).Fill(9);
        for (var size = 1; size <= log.Size; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var entry = log.Entry(index, size);
                Assert.Null(LogEntryChecks.Checkpoint(entry, log.Trusted, out var believed));
                Assert.Null(LogEntryChecks.Inclusion(entry, believed!));
                if (v1) Assert.Null(LogEntryChecks.SignedEntryTimestamp(entry, log.Trusted));
                Assert.Equal(v1, entry.LogIndex != entry.Inclusion.LogIndex);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_timestamp_is_accepted_with_and_without_its_certificate(bool withCertificates)
    {
        var (tsa, data) = (new VirtualTsa(), "signature"u8.ToArray());
        var stamp = tsa.Stamp(data, withCertificates: withCertificates);
        Assert.Null(TimestampToken.Verify(stamp, data, [new VirtualTsa("other").Trusted, tsa.Trusted], out var time));
        Assert.Equal(VirtualTsa.Noon, time);
    }
}
