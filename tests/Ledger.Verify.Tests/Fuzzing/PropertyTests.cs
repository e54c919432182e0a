using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Tests.Fuzzing;

public class PropertyTests
{
    private static readonly JsonLimits Limits = new(16, 1_000_000);

    // A fixed seed: a property that fails in one run fails in all.
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20260127, 7);

    // Text without U+0000 and without halves of surrogate pairs.
    private static readonly Gen<string> Text =
        Gen.ArrayOf(Gen.OneOf(Gen.Choose(0x20, 0x7e), Gen.Choose(1, 0x1f), Gen.Choose(0x80, 0xd7ff), Gen.Choose(0xe000, 0x10ffff)))
            .Select(points => string.Concat(points.Select(char.ConvertFromUtf32)));

    [Fact]
    public void A_values_canonical_form_does_not_depend_on_its_layout_and_keeps_its_meaning() =>
        Check.One(Fixed, Prop.ForAll(Json(3).ToArbitrary(), Any<int>(), (json, seed) =>
        {
            var first = Canonical(Lay(json, new Random(seed)));
            var second = Canonical(Lay(json, new Random(seed + 1)));
            return first == second && Canonical(first) == first && JsonNode.DeepEquals(JsonNode.Parse(first), json.ToNode());
        }));

    [Fact]
    public void Every_finite_double_is_read_back_from_its_form() =>
        Check.One(Fixed.WithMaxTest(5_000), Prop.ForAll(Any<long>(), bits =>
        {
            // FsCheck's longs are small: spread them over all exponents.
            var value = BitConverter.Int64BitsToDouble(bits * unchecked((long)0x9E37_79B9_7F4A_7C15));
            if (!double.IsFinite(value)) return true;
            var text = JcsNumber.Format(value);
            return double.Parse(text, CultureInfo.InvariantCulture) == value && Canonical(text) == text;
        }));

    [Fact]
    public void Two_pairs_of_type_and_body_never_have_one_pae() =>
        Check.One(Fixed, Prop.ForAll(Text.Two().Two().ToArbitrary(), pairs =>
        {
            var ((type1, body1), (type2, body2)) = pairs;
            byte[] first = Dsse.Pae(type1, Encoding.UTF8.GetBytes(body1)), second = Dsse.Pae(type2, Encoding.UTF8.GetBytes(body2));
            return first.AsSpan().SequenceEqual(second) == (type1 == type2 && body1 == body2);
        }));

    [Fact]
    public void Every_statement_with_well_formed_fields_reads_back() =>
        Check.One(Fixed, Prop.ForAll(Text.ToArbitrary(), Any<Guid>(), Any<DateTimeOffset>(), (subject, id, time) =>
        {
            if (!SubjectName.IsValid(subject)) return true;
            var statement = new Statement(
                subject,
                Digest.Sha256(id.ToByteArray()),
                PredicateTypes.Entry,
                "demo",
                id.ToString("D"),
                LedgerTime.Format(time),
                Digest.Zero);
            return Statement.TryParse(statement.ToBytes(), out var parsed, out _) && parsed == statement;
        }));

    [Fact]
    public void Times_are_cut_to_microseconds_and_sort_as_text() =>
        Check.One(Fixed, Prop.ForAll(Any<DateTimeOffset>(), Any<long>(), (time, ticks) =>
        {
            var later = time.AddTicks(Math.Abs(ticks % 1_000_000));
            var cut = new DateTimeOffset(later.UtcTicks - later.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
            return LedgerTime.TryParse(LedgerTime.Format(later), out var parsed) && parsed == cut
                && string.CompareOrdinal(LedgerTime.Format(time), LedgerTime.Format(later)) <= 0;
        }));

    [Fact]
    public void Any_leaf_of_any_tree_is_proved_and_any_growth_of_it_is_consistent() =>
        Check.One(Fixed.WithMaxTest(100), Prop.ForAll(Gen.Choose(1, 3000).Two().ToArbitrary(), Between(0, 1 << 20), (sizes, random) =>
        {
            var (from, to) = (Math.Min(sizes.Item1, sizes.Item2), Math.Max(sizes.Item1, sizes.Item2));
            var index = random % to;
            Digest[] leaves = [.. Enumerable.Range(0, to).Select(i => MerkleHash.Leaf(BitConverter.GetBytes(i)))];
            Digest[] Hashes(IEnumerable<NodeId> plan) =>
                [.. plan.Select(node => Subtree(leaves.AsSpan((int)(node.Index << node.Level), 1 << node.Level)))];
            var edge = new RightEdge();
            var fromRoot = Digest.Zero;
            for (var i = 0; i < to; i++)
            {
                edge.Append(leaves[i]);
                if (i + 1 == from) fromRoot = edge.Root();
            }

            var inclusion = InclusionProof.Build(index, to, Hashes(InclusionProof.Plan(index, to)));
            var consistency = ConsistencyProof.Build(from, to, Hashes(ConsistencyProof.Plan(from, to)));
            return InclusionProof.Check(leaves[index], index, to, inclusion, edge.Root()) is null
                && ConsistencyProof.Check(from, fromRoot, to, edge.Root(), consistency) is null;
        }));

    [Fact]
    public void Every_note_with_well_formed_parts_reads_back() =>
        Check.One(Fixed, Prop.ForAll(Text.ToArbitrary(), Text.ToArbitrary(), Any<byte[]>(), (text, name, signature) =>
        {
            text = string.Concat(text.Where(c => c >= ' ')) + "\n";
            name = string.Concat(name.Where(c => c > ' ' && c != '+' && !char.IsWhiteSpace(c))) + "k";
            var note = new Note(text, [new NoteSignature(name, 0xc74f20a3, [.. signature, 1])]);
            return Note.TryParse(note.Format(), out var parsed, out _) && parsed.Equals(note);
        }));

    [Fact]
    public void Every_tile_has_one_path() =>
        Check.One(Fixed, Prop.ForAll(Between(0, 63), Between(0, int.MaxValue), Between(1, 256), (level, index, width) =>
        {
            var tile = new TileId(level, (long)index * index / (1 + width), width);
            return TileId.TryParsePath(tile.Path, out var parsed) && parsed == tile;
        }));

    private static Arbitrary<T> Any<T>() => ArbMap.Default.ArbFor<T>();

    private static Arbitrary<int> Between(int least, int most) => Gen.Choose(least, most).ToArbitrary();

    private static Digest Subtree(ReadOnlySpan<Digest> leaves) =>
        leaves.Length == 1 ? leaves[0] : MerkleHash.Node(Subtree(leaves[..(leaves.Length / 2)]), Subtree(leaves[(leaves.Length / 2)..]));

    private static string Canonical(string json)
    {
        Assert.True(Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(json), Limits, out var canonical, out var failure), $"{failure}: {json}");
        return Encoding.UTF8.GetString(canonical);
    }

    private static Gen<JsonValueTree> Json(int depth)
    {
        var scalar = Gen.OneOf(
            Text.Select(text => new JsonValueTree(Text: text)),
            Gen.Choose(-1_000_000, 1_000_000).Select(number => new JsonValueTree(Number: number / 64.0)));
        if (depth == 0) return scalar;
        var array = Gen.ListOf(Json(depth - 1), 3).Select(items => new JsonValueTree(Items: [.. items]));
        var member = Text.Zip(Json(depth - 1), (name, value) => (name, value));
        var @object = Gen.ListOf(member, 4).Select(members => new JsonValueTree(Members: [.. members.DistinctBy(m => m.name)]));
        return Gen.OneOf(scalar, array, @object);
    }

    // Writes a value with white space, order and escapes chosen at random.
    private static string Lay(JsonValueTree json, Random random)
    {
        string Space() => new(" \t\r\n"[random.Next(4)], random.Next(3));
        string Quote(string text) =>
            '"' + string.Concat(text.Select(c => c is < ' ' or '"' or '\\' || random.Next(3) == 0 ? $"\\u{(int)c:x4}" : c.ToString()))
                + '"';

        // Halves of a pair are escaped together or not at all.
        string Safe(string text) =>
            text.Any(char.IsSurrogate) ? '"' + string.Concat(text.Select(c => $"\\u{(int)c:X4}")) + '"' : Quote(text);
        if (json.Text is not null) return Space() + Safe(json.Text) + Space();
        if (json.Items is not null) return $"{Space()}[{string.Join(',', json.Items.Select(item => Lay(item, random)))}{Space()}]";
        if (json.Members is null)
        {
            return json.Number.ToString(random.Next(2) == 0 ? "R" : "E12", CultureInfo.InvariantCulture);
        }

        var members = json.Members.ToArray();
        random.Shuffle(members);
        return $"{{{string.Join(',', members.Select(m => $"{Space()}{Safe(m.Name)}{Space()}:{Lay(m.Value, random)}"))}{Space()}}}";
    }

    private sealed record JsonValueTree(
        string? Text = null,
        double Number = 0,
        JsonValueTree[]? Items = null,
        (string Name, JsonValueTree Value)[]? Members = null)
    {
        public JsonNode ToNode() =>
            Text is not null ? JsonValue.Create(Text)
            : Items is not null ? new JsonArray([.. Items.Select(item => item.ToNode())])
            : Members is not null ? new JsonObject(Members.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)m.Value.ToNode())))
            : JsonValue.Create(Number);
    }
}
