using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Verify;

namespace Ledger.Core.Tests.Entries;

public sealed class EntryCursorTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. é";

    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly EntryFilter All = new();
    private static readonly string Cursor = EntryCursor.Write(Secret, LedgerUnderTest.Demo, All, 3, 1234567890123);

    [Fact]
    public void A_cursor_gives_back_its_position()
    {
        Assert.True(EntryCursor.TryRead(Secret, LedgerUnderTest.Demo, All, Cursor, out var position));
        Assert.Equal((3, 1234567890123), position);
    }

    [Fact]
    public void A_cursor_with_any_character_changed_is_refused()
    {
        for (var at = 0; at < Cursor.Length; at++)
        {
            foreach (var other in Alphabet.Where(c => c != Cursor[at]))
                Assert.False(EntryCursor.TryRead(Secret, LedgerUnderTest.Demo, All, $"{Cursor[..at]}{other}{Cursor[(at + 1)..]}", out _),
                    $"{other} at {at}");
        }
    }

    [Fact]
    public void A_cursor_cut_or_continued_is_refused()
    {
        var cut = Enumerable.Range(0, Cursor.Length).Select(length => Cursor[..length]);
        var continued = new[] { "A", "=", "==", " ", "\n" }.Select(more => Cursor + more);
        Assert.All(cut.Concat(continued), text => Assert.False(EntryCursor.TryRead(Secret, LedgerUnderTest.Demo, All, text, out _), text));
    }

    public static TheoryData<string, EntryFilter> OtherFilters => new()
    {
        { "subject", new EntryFilter(Subject: "s") },
        { "an empty subject", new EntryFilter(Subject: "") },
        { "payload_hash", new EntryFilter(PayloadHash: Digest.Zero) },
        { "from", new EntryFilter(From: DateTimeOffset.UnixEpoch) },
        { "to", new EntryFilter(To: DateTimeOffset.UnixEpoch) },
        { "anchored", new EntryFilter(Anchored: true) },
        { "not anchored", new EntryFilter(Anchored: false) },
    };

    [Theory]
    [MemberData(nameof(OtherFilters))]
    public void A_cursor_of_another_filter_is_refused(string what, EntryFilter filter)
    {
        Assert.False(EntryCursor.TryRead(Secret, LedgerUnderTest.Demo, filter, Cursor, out _), what);
        var its = EntryCursor.Write(Secret, LedgerUnderTest.Demo, filter, 1, 1);
        Assert.True(EntryCursor.TryRead(Secret, LedgerUnderTest.Demo, filter, its, out _), what);
        Assert.False(EntryCursor.TryRead(Secret, LedgerUnderTest.Demo, All, its, out _), what);
    }

    [Fact]
    public void A_subject_cannot_imitate_the_other_filters()
    {
        var hash = Digest.Sha256("x"u8);
        var honest = EntryCursor.Write(Secret, LedgerUnderTest.Demo, new EntryFilter("s", hash), 1, 1);
        Assert.False(EntryCursor.TryRead(Secret, LedgerUnderTest.Demo, new EntryFilter($"s\n{hash}"), honest, out _));
    }

    [Fact]
    public void A_cursor_of_another_tenant_or_another_ledger_is_refused()
    {
        Assert.False(EntryCursor.TryRead(Secret, LedgerUnderTest.Other, All, Cursor, out _));
        Assert.False(EntryCursor.TryRead(new byte[32], LedgerUnderTest.Demo, All, Cursor, out _));
    }
}
