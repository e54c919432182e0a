using Ledger.Core.Checkpoints;
using Ledger.Core.Entries;
using Ledger.Core.Tests.Checkpoints;
using Ledger.Testing.Attributes;
using Ledger.Verify.Checkpoints;

namespace Ledger.Core.Tests.Entries;

/// <summary>With two logs, one may be given a smaller checkpoint later than the other a larger one.</summary>
public sealed class FirstAnchorTests
{
    [PostgresFact]
    public async Task What_is_shown_of_an_anchored_entry_stays_when_another_log_takes_a_smaller_checkpoint_later()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(50);
        await TestLog.IntegrateAsync(integrator);
        await ledger.AppendAsync(10);
        await TestLog.IntegrateAsync(integrator);

        await ledger.SqlAsync(SampleRows.Anchor("demo", size: 60, index: 0, id: "aa", log: 'a', second: 1));
        var before = await ShownAsync(ledger, 10);
        Assert.Equal(("aa", 60L), (before.View.Split('|')[0], before.BundleSize));
        await ledger.SqlAsync(SampleRows.Anchor("demo", size: 50, index: 9, id: "bb", log: 'b', second: 2));
        Assert.Equal(before, await ShownAsync(ledger, 10));

        // The second log takes the first one's size as well: one more witness of the same checkpoint.
        await ledger.SqlAsync(SampleRows.Anchor("demo", size: 60, index: 10, id: "cc", log: 'b', second: 3));
        Assert.Equal(before with { BundleAnchors = 2 }, await ShownAsync(ledger, 10));
    }

    [PostgresFact]
    public async Task The_first_submitted_is_looked_up_by_one_probe_of_an_index_for_each_log()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(LedgerUnderTest.Demo);
        await ledger.SqlAsync(SampleRows.Anchor("demo", 1, 0, "aa", log: 'a') + SampleRows.Anchor("demo", 1, 0, "bb", log: 'b'));
        await ledger.SqlAsync("""
            INSERT INTO anchors (tenant_id, epoch, kind, position, tl_log_id, tl_log_index, tl_backend, tl_entry_id, tl_leaf_hash, tl_tree_size,
                                 tl_root_hash, tl_checkpoint, tl_inclusion_proof, tl_raw, sigstore_bundle, submitted_at)
            SELECT a.tenant_id, 1, 'checkpoint', 1 + i, a.tl_log_id, i, a.tl_backend, a.tl_entry_id, '', 1, '', '', ARRAY[]::bytea[], '', '',
                   a.submitted_at + i * interval '1 second'
              FROM anchors a CROSS JOIN generate_series(1, 5000) i;
            """);
        await ledger.SqlAsync("ANALYZE anchors; ANALYZE transparency_logs; ANALYZE chain_entries"); // as autovacuum does
        var plan = string.Join('\n', await ledger.TableAsync("""
            EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) SELECT anchored_at FROM entries WHERE tenant_id = 'demo' AND chain_seq = 0
            """));
        Assert.Matches(@"using anchors_by_log on anchors n \(actual rows=1(\.00)? loops=2\)", plan);
        Assert.False(plan.Contains("Scan on anchors", StringComparison.Ordinal), plan);
    }

    private sealed record Shown(string View, string Reader, long BundleSize, int? BundleAnchors);

    private static async Task<Shown> ShownAsync(TestLog ledger, long seq)
    {
        var view = Assert.Single(await LedgerUnderTest.TableAsync(ledger.Database.Owner, $"""
            SELECT rekor_log_id, rekor_index, anchored_at, id FROM ledger.entries WHERE tenant_id = 'demo' AND chain_seq = {seq}
            """));
        var id = Guid.Parse(view.Split('|')[3]);
        var read = (await ledger.Api.Reader.FindAsync(TestLog.Demo, id, default))!;
        var listed = (await ledger.Api.Reader.ListAsync(TestLog.Demo, new EntryFilter(), null, 100, default)).Items
            .Single(item => item.Entry.Seq == seq);
        Assert.Equal((read.RekorLogId, read.RekorIndex, read.AnchoredAt), (listed.RekorLogId, listed.RekorIndex, listed.AnchoredAt));
        var bundle = (await new BundleReader(ledger.Api.Database).FindAsync(TestLog.Demo, id, default))!;
        Assert.True(Note.TryParse(bundle.Checkpoint, out var note, out _));
        Assert.True(Checkpoint.TryParse(note.Text, out var checkpoint, out _));
        return new Shown(view, $"{read.RekorLogId}|{read.RekorIndex}|{read.AnchoredAt:O}", checkpoint.Size, bundle.Anchors?.Count);
    }
}
