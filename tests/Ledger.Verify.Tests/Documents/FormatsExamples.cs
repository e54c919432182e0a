using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Documents;

/// <summary>Every example of docs/formats.md that the verifier's code can make.</summary>
internal static class FormatsExamples
{
    private const int Size = 5;

    private static readonly IReadOnlyList<ExampleEntry> Log = ExampleEntry.Log(Size);
    private static readonly ExampleTree Tree = new(Log);

    public static IReadOnlyDictionary<string, string> Compute()
    {
        var first = Log[0];
        return new Dictionary<string, string>
        {
            ["payload-hash"] = first.Statement.PayloadHash.ToHex(),
            ["jcs"] = Text(ExampleEntry.Canonical("""{ "b": [1e2, 0.10, -0], "a": "\u00e9\u000a\/", "A": null }""")),
            ["meta-commitment-input"] = $$"""{"meta":{{first.Meta}},"salt":"{{Convert.ToBase64String(first.Salt)}}"}""",
            ["meta-commitment"] = first.Statement.MetaCommitment.ToHex(),
            ["statement"] = Text(first.StatementBytes),
            ["statement-sha256"] = Digest.Sha256(first.StatementBytes).ToHex(),
            ["epoch-statement"] = Text(EpochStatement()),
            ["pae"] = Text(first.Pae),
            ["public-key"] = Convert.ToBase64String(ExampleEntry.PublicKey),
            ["public-key-pem"] = Spki.ToPem(Spki.OfEd25519(ExampleEntry.PublicKey)),
            ["key-id"] = ExampleEntry.KeyId,
            ["signature"] = Convert.ToBase64String(first.Signature),
            ["leaf"] = Text(first.Leaf.ToBytes()),
            ["leaf-hashes"] = Lines(Log.Select(entry => $"{entry.Leaf.Seq} {entry.LeafHash.ToHex()}")),
            ["roots"] = Lines(Enumerable.Range(0, Size + 1).Select(size => $"{size} {Tree.Root(size).ToHex()}")),
            ["inclusion"] = Lines(Tree.Inclusion(2, Size).Select(hash => hash.ToHex())),
            ["consistency"] = Lines(Tree.Consistency(3, Size).Select(hash => hash.ToHex())),
            ["checkpoint-body"] = Tree.Checkpoint(Size).Body(),
            ["checkpoint-body-sha256"] = Digest.Sha256(Encoding.UTF8.GetBytes(Tree.Checkpoint(Size).Body())).ToHex(),
            ["vkey"] = ExampleTree.Key.Format(),
            ["note"] = Tree.SignedNote(Size).Format(),
            ["tlog-proof"] = new TlogProof(2, Tree.Inclusion(2, Size), Tree.SignedNote(Size)).Format(),
            ["tile-paths"] = TilePaths(),
            ["entry-bundle"] = EntryBundleParts(),
            ["receipt"] = Text(
                Receipt.Of(first.Statement, first.StatementBytes, first.Leaf, first.LeafHash, ExampleEntry.PublicKey).ToBytes()),
            ["bundle"] = Text(Bundle().ToBytes()),
            ["anchor-log-body"] = Text(ExampleAnchor.Body(Tree.Checkpoint(Size))),
            ["anchor"] = Text(ExampleAnchor.Of(Tree.Checkpoint(Size)).ToBytes()),
            ["trusted-root"] = Text(ExampleAnchor.TrustedRoot().ToBytes()),
            ["trust"] = Text(Trust().ToBytes()),
            ["exported-entry"] = Text(new ExportedEntry(first.Leaf, Bundle().Envelope, Bundle().Meta).ToBytes()),
            ["export-paths"] = Lines([ExportLayout.Checkpoint, ExportLayout.Entries, ExportLayout.Trust, ExportLayout.CheckpointAt(600),
                ExportLayout.AnchorOf(600, "c0d23d6a", 7), ExportLayout.PayloadAnchorOf(599, "c0d23d6a", 8),
                $"{ExportLayout.EpochFolder(2)}/{ExportLayout.Checkpoint}"]),
            ["limits"] = Lines(typeof(Limits).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Name} {field.GetValue(null)}"))),
        };
    }

    public static Bundle Bundle() => new(
        Envelope.OfStatement(Log[0].StatementBytes, ExampleEntry.KeyId, Log[0].Signature),
        new LeafPosition(ExampleEntry.Origin, 0, Digest.Zero),
        new BundleProof(0, Tree.Inclusion(0, Size)),
        Tree.SignedNote(Size).Format(),
        new BundleMeta(Log[0].Salt, Encoding.UTF8.GetBytes(Log[0].Meta)));

    public static TrustFile Trust() => new(
        [new TrustLog(ExampleEntry.Tenant, ExampleEntry.Origin, [new TrustedCheckpointKey(ExampleTree.Key, 0)],
            [new TrustedEntryKey(ExampleEntry.KeyId, ExampleEntry.PublicKey, 0)], [Spki.ToPem(ExampleAnchor.AnchorKey)],
            [Spki.ToPem(ExampleAnchor.PayloadKey)])],
        TrustPolicy.Default,
        ExampleAnchor.TrustedRoot());

    private static byte[] EpochStatement() =>
        (Log[0].Statement with { PredicateType = PredicateTypes.Epoch, PreviousCheckpoint = Tree.SignedNote(Size).Format() }).ToBytes();

    private static string TilePaths() => Lines(
        new[] { new TileId(0, 0, 5), new TileId(0, 67, 256), new TileId(0, 273, 112), new TileId(1, 1, 17), new TileId(2, 0, 1),
            new TileId(0, 1_234_067, 256) }
            .Select(tile => tile.Path).Append(new EntryBundleId(1_234_067, 8).Path));

    // Two bytes of length, then the leaf: too long to show whole.
    private static string EntryBundleParts()
    {
        var bundle = EntryBundle.Write([.. Log.Take(2).Select(entry => entry.Leaf.ToBytes())]);
        var length = bundle[0] << 8 | bundle[1];
        return Lines([$"bytes {bundle.Length}", $"first 8 {Convert.ToHexStringLower(bundle.AsSpan(0, 8))}", $"length of leaf 0 {length}",
            $"next 8 {Convert.ToHexStringLower(bundle.AsSpan(2 + length, 8))}",
            $"sha256 {Convert.ToHexStringLower(SHA256.HashData(bundle))}"]);
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
