using System.Globalization;
using System.Text;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;
using Ledger.Verify.Signing;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A v2 log of many entries as static files, so that tiles can vanish or be wrong.</summary>
internal sealed class SyntheticV2
{
    public const string Origin = "rekor2.loopback.test";

    private static readonly byte[] Seed = [.. Enumerable.Repeat((byte)9, 32)];

    private readonly byte[][] bodies;
    private readonly TestTree tree;

    public SyntheticV2(AnchorKey key, int size)
    {
        var submissions = Enumerable.Range(0, size).Select(i => key.Sign($"entry {i}"));
        bodies = [.. submissions.Select(s => LogBody.HashedRekordV2(s.Digest, s.Signature, s.Spki))];
        tree = new TestTree(bodies);
    }

    public static string Pem => Spki.ToPem(Spki.OfEd25519(Ed25519.PublicKeyOf(Seed)));

    public LogCheckpoint Head(int? size = null) => new(Origin, size ?? bodies.Length, tree.Root(size ?? bodies.Length));

    public byte[] Body(int index) => bodies[index];

    public static string EntryId(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{LogKey.IdOf(Origin, Spki.OfEd25519(Ed25519.PublicKeyOf(Seed)))}:{index}");

    /// <summary>The file at a path below <c>/api/v2/</c>; null where this tree has none.</summary>
    public byte[]? File(string path)
    {
        if (path == "checkpoint") return Encoding.UTF8.GetBytes(Note());
        if (TileId.TryParsePath(path, out var tile) && Holds(tile.Level, tile.Index, tile.Width)) return tree.Tile(tile);
        return EntryBundleId.TryParsePath(path, out var bundle) && Holds(0, bundle.Index, bundle.Width)
            ? EntryBundle.Write(bodies[(int)(bundle.Index * 256)..(int)(bundle.Index * 256 + bundle.Width)])
            : null;
    }

    private bool Holds(int level, long index, int width) => index * 256 + width <= bodies.Length >> (8 * level);

    private string Note()
    {
        var head = Head();
        var text = string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{head.Size}\n{Convert.ToBase64String(head.Root.ToArray())}\n");
        var id = LogKey.IdOf(Origin, Spki.OfEd25519(Ed25519.PublicKeyOf(Seed)));
        byte[] signature = [.. id.ToArray()[..4], .. Ed25519.Sign(Seed, Encoding.UTF8.GetBytes(text))];
        return $"{text}\n— {Origin} {Convert.ToBase64String(signature)}\n";
    }
}
