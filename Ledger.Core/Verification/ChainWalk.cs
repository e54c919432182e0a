using Ledger.Core.Entries;
using Ledger.Verify;
using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Verification;

/// <summary>Checks a log's rows in order, page by page: what each says is recomputed from its columns, and what is stored must equal it.
/// Used once, by one caller; the signatures of a page are checked on two cores.</summary>
/// <param name="origin">The log's name.</param>
/// <param name="entryKeys">The entry keys of the log.</param>
/// <param name="first">The seq the first row must have.</param>
/// <param name="previous">The recomputed leaf hash of the entry before it; null where that is not known and the first <c>prev</c> is not
/// checked.</param>
internal sealed class ChainWalk(string origin, LogKeys entryKeys, long first, Digest? previous)
{
    private static readonly ParallelOptions TwoCores = new() { MaxDegreeOfParallelism = 2 };

    /// <summary>The seq that the next row must have.</summary>
    public long NextSeq { get; private set; } = first;

    /// <summary>The recomputed leaf hash of the last row that was checked.</summary>
    public Digest? Previous { get; private set; } = previous;

    /// <summary>Checks the next rows against each other and against the full tiles among <paramref name="tiles"/>. Null where they are
    /// right.</summary>
    /// <param name="onLeaf">Receives each recomputed leaf hash that was right, in order.</param>
    public ChainMismatch? Check(IReadOnlyList<StoredEntry> rows, IReadOnlyDictionary<long, byte[]> tiles, Action<Digest>? onLeaf = null)
    {
        var leaves = new Digest[rows.Count];
        var wrong = new MismatchReason?[rows.Count];
        Parallel.For(0, rows.Count, TwoCores, i => wrong[i] = CheckAlone(rows[i], out leaves[i]));
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (row.Seq != NextSeq) return new ChainMismatch(MismatchReason.FactMissing, NextSeq);
            if (Previous is { } expected && row.Prev != expected) return new ChainMismatch(MismatchReason.PreviousHashMismatch, row.Seq);
            if (wrong[i] is { } reason) return new ChainMismatch(reason, row.Seq);
            if (tiles.TryGetValue(row.Seq / Tiles.FullWidth, out var tile)
                && !tile.AsSpan((int)(row.Seq % Tiles.FullWidth) * Digest.Size, Digest.Size).SequenceEqual(leaves[i].ToArray()))
                return new ChainMismatch(MismatchReason.ChainHashMismatch, row.Seq);
            Previous = leaves[i];
            NextSeq++;
            onLeaf?.Invoke(leaves[i]);
        }
        return null;
    }

    /// <summary>A row's leaf hash as its columns give it.</summary>
    public static Digest LeafOf(StoredEntry row, string origin) =>
        (row.ToLeaf(origin) with { StatementSha256 = Digest.Sha256(row.ToStatement().ToBytes()) }).Hash();

    private MismatchReason? CheckAlone(StoredEntry row, out Digest leaf)
    {
        var statement = row.ToStatement().ToBytes();
        var hash = Digest.Sha256(statement);
        leaf = (row.ToLeaf(origin) with { StatementSha256 = hash }).Hash();
        if (hash != row.StatementSha256) return MismatchReason.EventHashMismatch;
        if (entryKeys.At(row.KeyId, row.Seq) is not { } key || !key.Verifies(Dsse.Pae(Dsse.InTotoPayloadType, statement), row.Signature))
            return MismatchReason.EventHashMismatch;
        return leaf == row.LeafHash ? null : MismatchReason.ChainHashMismatch;
    }
}
