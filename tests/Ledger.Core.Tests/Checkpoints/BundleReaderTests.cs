using Ledger.Core.Checkpoints;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Ledger.Verify.Checkpoints;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>Which checkpoint a bundle carries, and which anchors.</summary>
public sealed class BundleReaderTests
{
    [PostgresFact]
    public async Task A_bundle_carries_the_first_anchored_checkpoint_that_covers_its_entry_else_the_latest()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        var entries = new List<Core.Entries.StoredEntry>();
        for (var i = 0; i < 4; i++)
        {
            entries.Add(await ledger.Api.AppendAsync(TestLog.Demo, $"fact-{i}"));
            await TestLog.IntegrateAsync(integrator);
        }
        await ledger.SqlAsync(SampleRows.Anchor("demo", size: 2, index: 0, id: "aa")
            + SampleRows.Anchor("demo", size: 2, index: 5, id: "second index of the same body")
            + SampleRows.Anchor("demo", size: 3, index: 7, id: "bb"));
        var bundles = new BundleReader(ledger.Api.Database);

        foreach (var (seq, size, anchors) in new[] { (0, 2L, (int?)1), (1, 2, 1), (2, 3, 1), (3, 4, null) })
        {
            var bundle = await bundles.FindAsync(TestLog.Demo, entries[seq].Id, default);
            Assert.True(Note.TryParse(bundle!.Checkpoint, out var note, out _));
            Assert.True(Checkpoint.TryParse(note.Text, out var checkpoint, out _));
            Assert.Equal((size, anchors), (checkpoint.Size, bundle.Anchors?.Count));
            Assert.Null(bundle.PayloadAnchors);
            Assert.Equal(4, (await bundles.ProveAsync(TestLog.Demo, entries[seq].Id, default))!.TreeSize);
        }
        Assert.Null(await bundles.FindAsync(LedgerUnderTest.Other, entries[0].Id, default));
    }

    [PostgresFact]
    public async Task The_primary_log_s_anchor_is_the_first_of_a_bundle()
    {
        await using var ledger = await TestLog.StartAsync();
        var entry = await ledger.Api.AppendAsync(TestLog.Demo);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        await ledger.SqlAsync(SampleRows.Anchor("demo", size: 1, index: 0, id: "aa", log: 'a')
            + SampleRows.Anchor("demo", size: 1, index: 0, id: "bb", log: 'b')
                + SampleRows.Anchor("demo", size: 1, index: 0, id: "cc", log: 'c')
            + "UPDATE transparency_logs SET ordinal = CASE left(tl_log_id, 1) WHEN 'c' THEN 0 WHEN 'b' THEN 1 END");

        var bundle = await new BundleReader(ledger.Api.Database).FindAsync(TestLog.Demo, entry.Id, default);
        Assert.Equal(["\"c\"", "\"b\"", "\"a\""], bundle!.Anchors!.Select(System.Text.Encoding.UTF8.GetString));
    }
}
