using System.Text;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;
using Ledger.Verify.Merkle;
using Ledger.Verify.Signing;
using Ledger.Verify.Tests.Entries;

namespace Ledger.Verify.Tests.Fuzzing;

/// <summary>
/// A parser as the fuzz loop sees it: bytes in; out comes what it re-formats them to, or null when it refused them with a code.
/// </summary>
/// <param name="Name">For messages.</param>
/// <param name="Seeds">Valid inputs, to be mutated.</param>
/// <param name="Reformat">Parse, then write again.</param>
/// <param name="IsCanonical">Whether accepting means giving back the very same bytes (or only: a form that is accepted and stays as it
/// is).</param>
internal sealed record Parser(string Name, byte[][] Seeds, Func<byte[], byte[]?> Reformat, bool IsCanonical = true)
{
    private const string Hash = "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=";
    private const string Note =
        "o\n2\n" + Hash
            + "\n\n— o x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n— é AAAAAAA=\n";

    public static IReadOnlyList<Parser> All { get; } =
    [
        new("statement", [Examples.Statement.ToBytes(), Examples.EpochStatement.ToBytes()], Statement),
        new("leaf", [Examples.Leaf.ToBytes()], Leaf),
        new("receipt", [Examples.Receipt.ToBytes()], Receipt),
        new("entry bundle", [EntryBundle.Write([[1, 2, 3], [], [4]])], Bundle),
        Text("note", [Note, "a\n\nb\n\n— o AAAAAAA=\n"], text => Checkpoints(text)),
        Text("checkpoint", ["ledger.localhost/log/demo\n0\n" + Hash + "\n", "o\n123456\n" + Hash + "\n"],
            text => Checkpoint.TryParse(text, out var checkpoint, out var failure) ? checkpoint.Body() : Refused(failure)),
        Text("vkey", ["PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"],
            text => VerifierKey.TryParse(text, out var key) ? key.Format() : null),
        Text("tlog-proof", ["c2sp.org/tlog-proof@v1\nextra AAEC\nindex 3\n" + Hash + "\n" + Hash + "\n\n" + Note],
            text => TlogProof.TryParse(text, out var proof, out var failure) ? proof.Format() : Refused(failure)),
        Text("tile path", ["tile/0/x001/x234/067.p/8", "tile/63/000"], text => TileId.TryParsePath(text, out var tile) ? tile.Path : null),
        Text("entry bundle path", ["tile/entries/x001/x234/067.p/8"],
            text => EntryBundleId.TryParsePath(text, out var bundle) ? bundle.Path : null),
        Text("time", ["2026-01-27T09:08:07.123456Z"], text => LedgerTime.TryParse(text, out var time) ? LedgerTime.Format(time) : null),
        Text("digest", [Digest.Sha256("x"u8).ToHex()], text => Digest.TryParseHex(text, out var digest) ? digest.ToHex() : null),
        Text("base64", ["3q2+7w==", Hash], text => CanonicalBase64.TryDecode(text, out var bytes) ? CanonicalBase64.Encode(bytes) : null),
        new("json", [.. JsonTexts()], Json, IsCanonical: false),
        new("pem", [Encoding.ASCII.GetBytes(Spki.ToPem(Spki.OfEd25519(Examples.PublicKey)))],
            bytes => Spki.TryReadPem(Encoding.Latin1.GetString(bytes), out var der) ? Encoding.ASCII.GetBytes(Spki.ToPem(der)) : null,
            IsCanonical: false),
        .. AnchoringParsers.All,
    ];

    /// <summary>Text parsers get strings: bytes that are not UTF-8 have become replacement characters before they see them.</summary>
    public Func<byte[], byte[]> Seen { get; private init; } = bytes => bytes;

    public override string ToString() => Name;

    private static Parser Text(string name, string[] seeds, Func<string, string?> reformat) =>
        new(
            name,
            [.. seeds.Select(Encoding.UTF8.GetBytes)],
            bytes => reformat(Encoding.UTF8.GetString(bytes)) is { } text ? Encoding.UTF8.GetBytes(text) : null)
        {
            Seen = bytes => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)),
        };

    private static IEnumerable<byte[]> JsonTexts() =>
    [
        """{"b":[1e2,-0.5,{"\ud83d\ude02":"\u20ac\n"}],"a":{"":null,"x":true},"é":"\u0001/\/"}"""u8.ToArray(),
        Examples.Receipt.ToBytes(),
        "[[[]]]"u8.ToArray(),
        "\"\\uD83D\\uDE02\""u8.ToArray(),
        "-1.7976931348623157e+308"u8.ToArray(),
    ];

    private static byte[]? Statement(byte[] bytes) =>
        Verify.Entries.Statement.TryParse(bytes, out var statement, out var failure) ? statement.ToBytes() : Refused<byte[]>(failure);

    private static byte[]? Leaf(byte[] bytes) =>
        Verify.Entries.Leaf.TryParse(bytes, out var leaf, out var failure) ? leaf.ToBytes() : Refused<byte[]>(failure);

    private static byte[]? Receipt(byte[] bytes)
    {
        if (!Verify.Entries.Receipt.TryParse(bytes, out var receipt, out var failure)) return Refused<byte[]>(failure);
        receipt.Rebuilds(out _);
        return receipt.ToBytes();
    }

    private static byte[]? Bundle(byte[] bytes) =>
        EntryBundle.TryRead(bytes, 3, out var entries, out var failure) ? EntryBundle.Write(entries) : Refused<byte[]>(failure);

    private static string? Checkpoints(string text)
    {
        if (!Verify.Checkpoints.Note.TryParse(text, out var note, out var failure)) return Refused(failure);
        Checkpoint.ParseUnverified(note, out _, out _);
        new VerifierKey("o", new byte[32]).Verify(note);
        return note.Format();
    }

    private static byte[]? Json(byte[] bytes)
    {
        if (Jcs.TryCanonicalize(bytes, new JsonLimits(8, 10_000), out var canonical, out var failure)) return canonical;
        Assert.NotEqual(JsonFailure.None, failure);
        return null;
    }

    private static string? Refused(FailureCode failure) => Refused<string>(failure);

    private static T? Refused<T>(FailureCode failure) where T : class
    {
        Assert.NotEqual(default, failure);
        return null;
    }
}
