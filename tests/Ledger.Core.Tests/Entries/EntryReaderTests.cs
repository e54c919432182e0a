using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;
using Ledger.Verify;

namespace Ledger.Core.Tests.Entries;

public sealed class EntryReaderTests
{
    private static readonly EntryFilter All = new();

    [PostgresFact]
    public async Task Pages_are_newest_first_and_meet_without_gap_or_overlap()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await FillAsync(ledger, 25);

        foreach (var limit in new[] { 1, 7, 24, 25, 26, 1000 })
        {
            var seqs = new List<long>();
            string? cursor = null;
            do
            {
                var page = await ListAsync(ledger, All, cursor, limit);
                Assert.InRange(page.Items.Count, 1, limit);
                seqs.AddRange(page.Items.Select(i => i.Entry.Seq));
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            Assert.Equal(Enumerable.Range(0, 25).Select(i => 24L - i), seqs);
        }
    }

    [PostgresFact]
    public async Task An_entry_appended_between_two_pages_moves_neither()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await FillAsync(ledger, 4);
        var first = await ListAsync(ledger, All, null, 2);
        await ledger.Api.AppendAsync(LedgerUnderTest.Demo, "later");
        var second = await ListAsync(ledger, All, first.NextCursor, 2);
        Assert.Equal([3L, 2, 1, 0], first.Items.Concat(second.Items).Select(i => i.Entry.Seq));
        Assert.Null(second.NextCursor);
    }

    [PostgresFact]
    public async Task Filters_by_subject_hash_and_time_find_what_they_say()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entries = await FillAsync(ledger, 6); // one microsecond apart

        Assert.Equal([3L], await SeqsAsync(ledger, new EntryFilter(Subject: "s3")));
        Assert.Equal([4L], await SeqsAsync(ledger, new EntryFilter(PayloadHash: Digest.Sha256("s4"u8))));
        Assert.Equal([5L, 4, 3], await SeqsAsync(ledger, new EntryFilter(From: entries[3].CreatedAt)));
        Assert.Equal([2L, 1, 0], await SeqsAsync(ledger, new EntryFilter(To: entries[3].CreatedAt)));
        Assert.Equal([2L, 1], await SeqsAsync(ledger, new EntryFilter(From: entries[1].CreatedAt, To: entries[3].CreatedAt)));
        Assert.Empty(await SeqsAsync(ledger, new EntryFilter(Subject: "s3", PayloadHash: Digest.Sha256("s4"u8))));
        Assert.Empty(await SeqsAsync(ledger, new EntryFilter(From: entries[5].CreatedAt.AddYears(100))));
        Assert.Equal(6, (await SeqsAsync(ledger, new EntryFilter(From: DateTimeOffset.UnixEpoch.AddYears(-100)))).Count);
    }

    [PostgresFact]
    public async Task An_entry_is_anchored_by_the_first_submitted_checkpoint_that_covers_it()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await FillAsync(ledger, 4);
        await ledger.SqlAsync(SampleRows.Anchor("demo", size: 2, index: 0, id: "aa")
            + SampleRows.Anchor("demo", size: 3, index: 7, id: "bb"));

        Assert.Equal([2L, 1, 0], await SeqsAsync(ledger, new EntryFilter(Anchored: true)));
        Assert.Equal([3L], await SeqsAsync(ledger, new EntryFilter(Anchored: false)));
        var items = (await ListAsync(ledger, All, null, 10)).Items;
        Assert.Equal([("", 0L), ("bb", 7), ("aa", 0), ("aa", 0)], items.Select(i => (i.RekorLogId, i.RekorIndex)));
        Assert.Null(items[0].AnchoredAt);
        Assert.NotNull(items[3].AnchoredAt);
        Assert.Equal(1L,
            await ledger.ScalarAsync<long>("SELECT count(*) FROM ledger.entries WHERE rekor_log_id = '' OR rekor_log_id IS NULL"));
    }

    [PostgresFact]
    public async Task An_entry_is_found_with_its_meta_and_origin_by_its_tenant_alone()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var stored = await ledger.Api.AppendAsync(LedgerUnderTest.Demo, "ä😀");

        var found = await ledger.Api.Reader.FindAsync(LedgerUnderTest.Demo, stored.Id, CancellationToken.None);
        Assert.Equal(("ä😀", "ledger.test/log/demo", """{"user_id":"12345"}"""),
            (found!.Entry.Subject, found.Origin, Encoding.UTF8.GetString(found.Meta!)));
        Assert.Equal(stored.ToLeaf(found.Origin).Hash(), found.Entry.LeafHash);
        Assert.Equal(stored.CreatedAt, found.Entry.CreatedAt);
        Assert.Null(await ledger.Api.Reader.FindAsync(LedgerUnderTest.Other, stored.Id, CancellationToken.None));
        Assert.Null(await ledger.Api.Reader.FindAsync(LedgerUnderTest.Demo, Guid.Empty, CancellationToken.None));
        Assert.Empty((await ledger.Api.Reader.ListAsync(LedgerUnderTest.Other, All, null, 10, CancellationToken.None)).Items);
    }

    [PostgresFact]
    public async Task A_cursor_works_in_every_process_but_for_its_own_tenant_and_filter_only()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await FillAsync(ledger, 3);
        var cursor = (await ListAsync(ledger, All, null, 1)).NextCursor!;
        var second = ledger.StartProcess();

        Assert.Equal(2, (await second.Reader.ListAsync(LedgerUnderTest.Demo, All, cursor, 10, CancellationToken.None)).Items.Count);
        foreach (var (tenant, filter, text) in new[]
                 {
                     (LedgerUnderTest.Other, All, cursor), (LedgerUnderTest.Demo, new EntryFilter("s1"), cursor),
                     (LedgerUnderTest.Demo, All, "nonsense"), (LedgerUnderTest.Demo, All, ""),
                 })
        {
            var problem = await LedgerUnderTest.ProblemOfAsync(() =>
                second.Reader.ListAsync(tenant, filter, text, 10, CancellationToken.None));
            Assert.Equal((ProblemTypes.InvalidCursor, "cursor"), (problem.Type, problem.Field));
        }
    }

    private static async Task<List<StoredEntry>> FillAsync(LedgerUnderTest ledger, int count)
    {
        var entries = new List<StoredEntry>();
        for (var i = 0; i < count; i++)
        {
            entries.Add(await ledger.Api.AppendAsync(LedgerUnderTest.Demo, $"s{i}"));
            ledger.Time.Advance(TimeSpan.FromMicroseconds(1));
        }
        return entries;
    }

    private static Task<EntryPage> ListAsync(LedgerUnderTest ledger, EntryFilter filter, string? cursor, int limit) =>
        ledger.Api.Reader.ListAsync(LedgerUnderTest.Demo, filter, cursor, limit, CancellationToken.None);

    private static async Task<List<long>> SeqsAsync(LedgerUnderTest ledger, EntryFilter filter) =>
        [.. (await ListAsync(ledger, filter, null, 100)).Items.Select(i => i.Entry.Seq)];
}
