using Ledger.Core.Entries;
using Ledger.Verify;
using Ledger.Verify.Verification;

namespace Ledger.Core.Checkpoints;

/// <summary>An entry with its proof under one checkpoint of its log.</summary>
/// <param name="Meta">Metadata and salt; null once erased.</param>
/// <param name="Note">The checkpoint's signed note.</param>
/// <param name="TreeSize">The checkpoint's.</param>
/// <param name="Root">The checkpoint's.</param>
/// <param name="Hashes">RFC 6962 inclusion proof, lowest node first.</param>
public sealed record CoveredEntry(
    StoredEntry Entry, string Origin, BundleMeta? Meta, string Note, long TreeSize, Digest Root, Digest[] Hashes)
{
    /// <summary>All that a stranger needs beside the keys, without anchors.</summary>
    public Bundle ToBundle() => new(
        Envelope.OfStatement(Entry.ToStatement().ToBytes(), Entry.KeyId, Entry.Signature),
        new LeafPosition(Origin, Entry.Seq, Entry.Prev),
        new BundleProof(Entry.Seq, Hashes),
        Note,
        Meta);
}
