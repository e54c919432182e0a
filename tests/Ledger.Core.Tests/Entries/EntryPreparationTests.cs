using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Testing.Time;
using Ledger.Verify;
using Ledger.Verify.Entries;

namespace Ledger.Core.Tests.Entries;

public sealed class EntryPreparationTests
{
    private static readonly DateTimeOffset Instant = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero).AddTicks(1_234_569);

    private readonly EntryPreparation preparation = new(new ManualTime(Instant), new IdSource());

    [Fact]
    public void What_is_signed_is_what_the_database_can_hold_cut_to_microseconds()
    {
        var entry = preparation.Prepare(LedgerUnderTest.Demo, LedgerUnderTest.Item());
        Assert.Equal("2026-11-22T10:00:00.123456Z", entry.Statement.CreatedAt);
        Assert.Equal(entry.Statement.CreatedAt, LedgerTime.Format(entry.CreatedAt));
        Assert.Equal(0, entry.CreatedAt.Ticks % TimeSpan.TicksPerMicrosecond);
    }

    [Fact]
    public void The_id_is_a_UUIDv7_of_the_same_millisecond()
    {
        var id = preparation.Prepare(LedgerUnderTest.Demo, LedgerUnderTest.Item()).Id;
        Assert.Equal(7, id.Version);
        Assert.Equal(Instant.ToUnixTimeMilliseconds(), Convert.ToInt64(id.ToString("N")[..12], 16));
    }

    [Fact]
    public void The_statement_says_everything_and_hides_the_metadata_behind_a_salt_of_its_own()
    {
        var item = LedgerUnderTest.Item("s", """{"a":1}""");
        var (first, second) = (preparation.Prepare(LedgerUnderTest.Demo, item), preparation.Prepare(LedgerUnderTest.Demo, item));

        Assert.Equal(("s", item.PayloadHash, "demo", PredicateTypes.Entry),
            (first.Statement.Subject, first.Statement.PayloadHash, first.Statement.Tenant, first.Statement.PredicateType));
        Assert.Equal(MetaCommitment.Of(item.Meta, first.Salt), first.Statement.MetaCommitment);
        Assert.NotEqual(first.Statement.MetaCommitment, second.Statement.MetaCommitment);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(Digest.Sha256(first.Statement.ToBytes()), first.StatementSha256);
        Assert.Equal(Dsse.Pae("application/vnd.in-toto+json", first.Statement.ToBytes()), first.Pae);
        Assert.True(Statement.TryParse(first.Statement.ToBytes(), out _, out _));
    }

    [Fact]
    public void Every_subject_that_is_accepted_is_one_that_verifiers_accept()
    {
        foreach (var subject in new[] { "a", "\u0001", "\uFEFF", "\uFFFF", "é", "\u200B\u202E", "😀",
            string.Concat(Enumerable.Repeat("😀", 256)) })
        {
            var statement = preparation.Prepare(LedgerUnderTest.Demo, LedgerUnderTest.Item(subject)).Statement;
            Assert.True(Statement.TryParse(statement.ToBytes(), out var parsed, out var failure), $"{subject}: {failure}");
            Assert.Equal(statement, parsed);
        }
    }
}
