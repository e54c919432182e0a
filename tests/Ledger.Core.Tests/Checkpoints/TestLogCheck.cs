using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;
using Ledger.Verify.Verification;
using Npgsql;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>Re-verifies an entire log: every entry; every tile against the leaves, none missing, none too many; every checkpoint's
/// signature by a key that the trust file has for its size, and its root against the leaves; consistency between all pairs of checkpoints;
/// an inclusion proof and a bundle for every index; and the mark, which nobody's view may be ahead of.</summary>
internal sealed class TestLogCheck(TestLog ledger, TenantId tenant, int epoch = 1)
{
    private readonly LedgerDatabase database = ledger.Api.Database;

    public async Task<long> RunAsync()
    {
        await LogCheck.RunAsync(ledger.Database.Owner, tenant, epoch);
        var leaves = await LeavesAsync();
        var checkpoints = await new CheckpointReader(database).ListAsync(tenant, epoch, null, 1000, CancellationToken.None);
        var size = await ledger.TreeSizeAsync(tenant, epoch);
        Assert.Equal(checkpoints.Count == 0 ? 0 : checkpoints[0].Size, size);

        var trust = await new TrustFileReader(database).ReadAsync(tenant, CancellationToken.None);
        Assert.True(TrustFile.TryParse(trust!.ToBytes(), out trust, out var failure), $"{failure}");
        foreach (var checkpoint in checkpoints) CheckSignature(checkpoint, trust.Logs[epoch - 1], leaves);
        await CheckTilesAsync(leaves, size);
        await CheckProofsAsync(leaves, checkpoints);
        await CheckBundlesAsync(trust, size);
        await CheckMarkAsync(checkpoints.Count == 0 ? null : checkpoints[0]);
        return size;
    }

    /// <summary>RFC 6962's recursive definition.</summary>
    public static Digest Root(ReadOnlySpan<Digest> leaves)
    {
        if (leaves.Length == 0) return MerkleHash.EmptyRoot;
        if (leaves.Length == 1) return leaves[0];
        var left = 1;
        while (left * 2 < leaves.Length) left *= 2;
        return MerkleHash.Node(Root(leaves[..left]), Root(leaves[left..]));
    }

    private static void CheckSignature(StoredCheckpoint checkpoint, TrustLog log, Digest[] leaves)
    {
        Assert.Equal(Root(leaves.AsSpan(0, (int)checkpoint.Size)), checkpoint.Root);
        Assert.True(Note.TryParse(checkpoint.Note, out var note, out _));
        Assert.Equal(new Checkpoint(log.Origin, checkpoint.Size, checkpoint.Root).Body(), note.Text);
        Assert.Contains(log.CheckpointKeys, k => k.Covers(checkpoint.Size) && k.Key.Verify(note) is null);
    }

    private async Task CheckTilesAsync(Digest[] leaves, long size)
    {
        var expected = Tiles.NewFullTiles(0, size).ToDictionary(t => (t.Level, t.Index));
        await using var source = NpgsqlDataSource.Create(ledger.Database.Owner);
        await using var command =
            source.CreateCommand($"SELECT level, idx, root, hashes FROM tiles WHERE tenant_id = '{tenant}' AND epoch = {epoch}");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (level, index) = (reader.GetInt32(0), reader.GetInt64(1));
            Assert.True(expected.Remove((level, index)), $"tile {level}/{index} is one too many");
            Assert.Equal(Root(Under(leaves, level + 1, index)), new Digest(reader.GetFieldValue<byte[]>(2)));
            var hashes = reader.GetFieldValue<byte[]>(3);
            for (var i = 0; i < Tiles.FullWidth; i++)
                Assert.Equal(Root(Under(leaves, level, index * Tiles.FullWidth + i)),
                    new Digest(hashes.AsSpan(i * Digest.Size, Digest.Size)));
        }
        Assert.Empty(expected);
    }

    private static ReadOnlySpan<Digest> Under(Digest[] leaves, int level, long index)
    {
        var count = 1 << (level * Tiles.Height);
        return leaves.AsSpan((int)index * count, count);
    }

    private async Task CheckProofsAsync(Digest[] leaves, IReadOnlyList<StoredCheckpoint> checkpoints)
    {
        var proofs = new ProofReader(database);
        foreach (var to in checkpoints)
        {
            foreach (var from in checkpoints.Where(c => c.Size <= to.Size))
                Assert.Null(ConsistencyProof.Check(from.Size, from.Root, to.Size, to.Root,
                    await proofs.ConsistencyAsync(tenant, epoch, from.Size, to.Size, CancellationToken.None)));
        }
        if (checkpoints.Count == 0) return;
        var newest = checkpoints[0];
        for (var seq = 0L; seq < newest.Size; seq++)
            Assert.Null(InclusionProof.Check(leaves[seq], seq, newest.Size,
                await proofs.InclusionAsync(tenant, epoch, seq, newest.Size, CancellationToken.None), newest.Root));
    }

    private async Task CheckBundlesAsync(TrustFile trust, long size)
    {
        var (bundles, verifier) = (new BundleReader(database), new BundleVerifier(trust));
        await using var source = NpgsqlDataSource.Create(ledger.Database.Owner);
        await using var command =
            source.CreateCommand($"SELECT seq, id FROM chain_entries WHERE tenant_id = '{tenant}' AND epoch = {epoch} ORDER BY seq");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var bundle = await bundles.FindAsync(tenant, reader.GetGuid(1), CancellationToken.None);
            Assert.Equal(reader.GetInt64(0) < size, bundle is not null);
            if (bundle is null) continue;
            Assert.True(Bundle.TryParse(bundle.ToBytes(), out var parsed, out var failure), $"{failure}");
            Assert.Equal(Verdict.VerifiedNotAnchored, verifier.Verify(parsed, TrustPolicy.Default.WithoutAnchorsUnsafe()).Verdict);
        }
    }

    private async Task CheckMarkAsync(StoredCheckpoint? newest)
    {
        var mark = (await ledger.Marks.ReadAsync(tenant, epoch, CancellationToken.None))!.Mark;
        Assert.True(mark.Size >= (newest?.Size ?? 0), "nobody is shown more than the mark says");
        if (newest is not null && mark.Size == newest.Size) Assert.Equal((newest.Root, newest.Note), (mark.Root, mark.Note));
    }

    private async Task<Digest[]> LeavesAsync()
    {
        var leaves = new List<Digest>();
        await using var source = NpgsqlDataSource.Create(ledger.Database.Owner);
        await using var command =
            source.CreateCommand($"SELECT leaf_hash FROM chain_entries WHERE tenant_id = '{tenant}' AND epoch = {epoch} ORDER BY seq");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) leaves.Add(new Digest(reader.GetFieldValue<byte[]>(0)));
        return [.. leaves];
    }
}
