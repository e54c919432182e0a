using Ledger.Core.Checkpoints;
using Ledger.Testing.Attributes;
using Ledger.Verify;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>Proofs and tiles around the places where a tile becomes full, of logs whose leaves are loaded in bulk.</summary>
public sealed class ProofReaderTests
{
    private static readonly long[] Sizes = [1, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537];

    [PostgresFact]
    public async Task Every_proof_and_tile_around_the_edges_of_tiles_is_right()
    {
        await using var ledger = await TestLog.StartAsync();
        var leaves = await BulkLeaves.LoadAsync(ledger, 65_537);
        var integrator = ledger.StartIntegrator();
        foreach (var size in Sizes)
        {
            await ledger.SqlAsync($"UPDATE chain_heads SET next_seq = {size} WHERE tenant_id = 'demo'");
            await TestLog.IntegrateAsync(integrator);
            Assert.Equal(size, await ledger.TreeSizeAsync());
        }
        var proofs = new ProofReader(ledger.Api.Database);
        var roots = Sizes.ToDictionary(s => s, s => TestLogCheck.Root(leaves.AsSpan(0, (int)s)));

        foreach (var to in Sizes)
        {
            foreach (var from in Sizes.Where(s => s <= to))
                Assert.Null(ConsistencyProof.Check(from, roots[from], to, roots[to],
                    await proofs.ConsistencyAsync(TestLog.Demo, 1, from, to, default)));
            foreach (var seq in Sizes.SelectMany(s => new[] { s - 2, s - 1, s }).Append(0).Append(40_000).Where(s => s >= 0 && s < to)
                .Distinct())
                Assert.Null(InclusionProof.Check(leaves[seq], seq, to, await proofs.InclusionAsync(TestLog.Demo, 1, seq, to, default),
                    roots[to]));
            await CheckTilesAsync(proofs, leaves, to);
        }
    }

    [PostgresFact]
    public async Task What_no_checkpoint_covers_has_no_proof_and_no_tile()
    {
        await using var ledger = await TestLog.StartAsync();
        await ledger.AppendAsync(5);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        await ledger.AppendAsync(2);
        var proofs = new ProofReader(ledger.Api.Database);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => proofs.InclusionAsync(TestLog.Demo, 1, 5, 6, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => proofs.InclusionAsync(TestLog.Demo, 1, 5, 5, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => proofs.ConsistencyAsync(TestLog.Demo, 1, 3, 7, default));
        Assert.Null(await proofs.TileAsync(TestLog.Demo, 1, new TileId(0, 0, 6), default));
        Assert.Null(await proofs.TileAsync(TestLog.Demo, 1, new TileId(0, 0, 256), default));
        Assert.Null(await proofs.TileAsync(TestLog.Demo, 1, new TileId(1, 0, 1), default));
        Assert.Null(await proofs.EntryBundleAsync(TestLog.Demo, 1, 0, 6, default));
        Assert.Null(await proofs.TileAsync(TestLog.Demo, 2, new TileId(0, 0, 1), default));
        Assert.NotNull(await proofs.TileAsync(TestLog.Demo, 1, new TileId(0, 0, 5), default));
    }

    [PostgresFact]
    public async Task An_entry_bundle_holds_the_leaves_under_its_tile()
    {
        await using var ledger = await TestLog.StartAsync();
        await ledger.AppendAsync(260);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        var proofs = new ProofReader(ledger.Api.Database);

        foreach (var (index, width) in new[] { (0L, 256), (0L, 7), (1L, 4) })
        {
            var bundle = await proofs.EntryBundleAsync(TestLog.Demo, 1, index, width, default);
            var tile = await proofs.TileAsync(TestLog.Demo, 1, new TileId(0, index, width), default);
            Assert.True(Verify.Entries.EntryBundle.TryRead(bundle, width, out var leaves, out var failure), $"{failure}");
            Assert.Equal(tile, leaves.SelectMany(leaf => MerkleHash.Leaf(leaf).ToArray()));
        }
    }

    private static async Task CheckTilesAsync(ProofReader proofs, Digest[] leaves, long size)
    {
        for (var level = 0; size >> (8 * level) > 0; level++)
        {
            var hashes = size >> (8 * level);
            var tile = Tiles.At(level, (hashes - 1) / Tiles.FullWidth, size);
            var bytes = await proofs.TileAsync(TestLog.Demo, 1, tile, default);
            Assert.NotNull(bytes);
            var under = 1 << (8 * level);
            for (var i = 0; i < tile.Width; i++)
            {
                var first = (int)(tile.Index * Tiles.FullWidth + i) * under;
                Assert.Equal(TestLogCheck.Root(leaves.AsSpan(first, under)), new Digest(bytes.AsSpan(i * Digest.Size, Digest.Size)));
            }
        }
    }
}
