using System.Globalization;
using Ledger.Verify.Entries;

namespace Ledger.Verify.Tests.Entries;

public class LedgerTimeTests
{
    [Theory]
    [InlineData("2026-01-27T09:08:07.1234569Z", "2026-01-27T09:08:07.123456Z")]
    [InlineData("2026-01-27T09:08:07.9999999Z", "2026-01-27T09:08:07.999999Z")]
    [InlineData("2026-12-31T23:59:59.9999999Z", "2026-12-31T23:59:59.999999Z")]
    [InlineData("2026-01-27T09:08:07Z", "2026-01-27T09:08:07.000000Z")]
    [InlineData("2026-01-27T00:30:00.5+02:00", "2026-01-26T22:30:00.500000Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999999Z")]
    public void A_time_is_utc_with_six_digits_cut_and_not_rounded(string time, string expected)
    {
        Assert.Equal(expected, LedgerTime.Format(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));
        Assert.True(LedgerTime.TryParse(expected, out var parsed));
        Assert.Equal(TimeSpan.Zero, parsed.Offset);
        Assert.Equal(expected, LedgerTime.Format(parsed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-27T09:08:07Z")]
    [InlineData("2026-01-27T09:08:07.12345Z")]
    [InlineData("2026-01-27T09:08:07.1234567Z")]
    [InlineData("2026-01-27T09:08:07.123456")]
    [InlineData("2026-01-27T09:08:07.123456z")]
    [InlineData("2026-01-27t09:08:07.123456Z")]
    [InlineData("2026-01-27 09:08:07.123456Z")]
    [InlineData("2026-01-27T09:08:07.123456+00:00")]
    [InlineData("2026-01-27T09:08:07,123456Z")]
    [InlineData(" 2026-01-27T09:08:07.123456Z")]
    [InlineData("2026-01-27T09:08:07.123456Z ")]
    [InlineData("2026-1-27T09:08:07.123456Z")]
    [InlineData("2026-02-29T09:08:07.123456Z")]
    [InlineData("2026-01-27T24:00:00.000000Z")]
    [InlineData("2026-01-27T23:59:60.000000Z")]
    [InlineData("2026-13-01T00:00:00.000000Z")]
    [InlineData("٢٠٢٦-01-27T09:08:07.123456Z")]
    public void Another_spelling_is_refused(string text) => Assert.False(LedgerTime.TryParse(text, out _));
}
