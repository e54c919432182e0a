using System.Text;
using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;
using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;
using Ledger.Verify.Verification;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Tenants;

/// <summary>The files of one epoch of a log, all of one signed checkpoint. Read in pages, each in a transaction of its own: what a
/// checkpoint covers never changes, but for metadata that is erased meanwhile, and a slow reader holds nothing of the database.</summary>
internal sealed class EpochExport(LedgerDatabase database, StoredCheckpoint head, ExportTar tar)
{
    private const int TilesPerPage = 64;
    private const int CheckpointsPerPage = 1000;
    private const int AnchorsPerPage = 100;

    private readonly TenantId tenant = head.Tenant;
    private readonly int epoch = head.Epoch;

    /// <param name="spool">An empty file: a tar says how long a file is before it begins, and how long the lines of all entries are is
    /// known only when all were read. Reading them twice would not do, since metadata may be erased in between.</param>
    public async Task WriteAsync(byte[] trust, Stream spool, CancellationToken cancel)
    {
        await tar.AddAsync(ExportLayout.Trust, trust, cancel);
        await tar.AddAsync(ExportLayout.Checkpoint, Encoding.UTF8.GetBytes(head.Note), cancel);
        await WriteCheckpointsAsync(cancel);
        await WriteTilesAsync(cancel);
        await WriteEntriesAsync(spool, cancel);
        await WriteAnchorsAsync(AnchorKind.Checkpoint, head.Size, ExportLayout.AnchorOf, cancel);
        await WriteAnchorsAsync(AnchorKind.Payload, head.Size - 1, ExportLayout.PayloadAnchorOf, cancel);
    }

    private async Task WriteCheckpointsAsync(CancellationToken cancel)
    {
        var checkpoints = new CheckpointReader(database);
        for (long? before = head.Size + 1; before is not null;)
        {
            var page = await checkpoints.ListAsync(tenant, epoch, before, CheckpointsPerPage, cancel);
            foreach (var one in page) await tar.AddAsync(ExportLayout.CheckpointAt(one.Size), Encoding.UTF8.GetBytes(one.Note), cancel);
            before = page.Count == CheckpointsPerPage ? page[^1].Size : null;
        }
    }

    private async Task WriteTilesAsync(CancellationToken cancel)
    {
        foreach (var page in TilesOf(head.Size).Chunk(TilesPerPage))
        {
            IReadOnlyDictionary<TileId, byte[]> read;
            await using (var transaction = await database.BeginAsync(tenant, cancel))
                read = await TileReader.ReadAsync(transaction, tenant, epoch, page, cancel);
            foreach (var tile in page) await tar.AddAsync(tile.Path, read[tile], cancel);
        }
    }

    private static IEnumerable<TileId> TilesOf(long size)
    {
        for (var (level, hashes) = (0, size); hashes > 0; level++, hashes >>= Tiles.Height)
        {
            for (long index = 0; index * Tiles.FullWidth < hashes; index++)
                yield return new TileId(level, index, (int)Math.Min(Tiles.FullWidth, hashes - index * Tiles.FullWidth));
        }
    }

    private async Task WriteEntriesAsync(Stream spool, CancellationToken cancel)
    {
        var bundle = new List<byte[]>(Tiles.FullWidth);
        for (long first = 0; first < head.Size; first += Tiles.FullWidth)
        {
            bundle.Clear();
            foreach (var entry in await ReadEntriesAsync(first, Math.Min(first + Tiles.FullWidth, head.Size), cancel))
            {
                bundle.Add(entry.Leaf.ToBytes());
                await spool.WriteAsync(entry.ToBytes(), cancel);
                await spool.WriteAsync("\n"u8.ToArray(), cancel);
            }
            await tar.AddAsync(new EntryBundleId(first / Tiles.FullWidth, bundle.Count).Path, EntryBundle.Write(bundle), cancel);
        }
        spool.Position = 0;
        await tar.AddAsync(ExportLayout.Entries, spool, cancel);
    }

    private async Task<List<ExportedEntry>> ReadEntriesAsync(long from, long to, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync($"""
            SELECT {EntryRow.Columns}, h.origin, m.meta, m.salt
              FROM chain_entries e
              JOIN chain_heads h ON h.tenant_id = e.tenant_id AND h.epoch = e.epoch
              LEFT JOIN entry_meta m ON m.tenant_id = e.tenant_id AND m.epoch = e.epoch AND m.seq = e.seq
             WHERE e.tenant_id = $1 AND e.epoch = $2 AND e.seq >= $3 AND e.seq < $4 ORDER BY e.seq
            """, cancel, Text(tenant.Value), Int(epoch), Long(from), Long(to));
        var entries = new List<ExportedEntry>();
        while (await reader.ReadAsync(cancel))
        {
            const int at = EntryRow.ColumnCount;
            var entry = EntryRow.Read(reader);
            entries.Add(new ExportedEntry(entry.ToLeaf(reader.GetString(at)),
                Envelope.OfStatement(entry.ToStatement().ToBytes(), entry.KeyId, entry.Signature),
                reader.GetBytesOrNull(at + 1) is { } meta && reader.GetBytesOrNull(at + 2) is { } salt ? new BundleMeta(salt, meta)
                    : null));
        }
        return entries.Count == to - from ? entries
            : throw new InvalidDataException($"{tenant} epoch {epoch}: {entries.Count} of the entries {from} to {to - 1} are there.");
    }

    // Newest first: those beyond the checkpoint, made since, are passed over.
    private async Task WriteAnchorsAsync(AnchorKind kind, long last, Func<long, string, long, string> pathOf, CancellationToken cancel)
    {
        var anchors = new AnchorReader(database);
        for (AnchorPlace? after = new(kind, last + 1, "", 0); after is not null;)
        {
            var page = await anchors.ListAsync(tenant, epoch, [kind], after, AnchorsPerPage, cancel);
            foreach (var (anchor, bundle) in page.Items)
                await tar.AddAsync(pathOf(anchor.Position, anchor.TransparencyLog, anchor.LogIndex), bundle, cancel);
            after = page.Next;
        }
    }
}
