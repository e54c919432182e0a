using System.Text;
using System.Text.Json.Nodes;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

/// <summary>Whatever is changed in what a verifier is given, it is never told `verified…`.</summary>
public sealed class TamperTests
{
    private static readonly TrustPolicy Unanchored = TrustPolicy.Default.WithoutAnchorsUnsafe();
    private static readonly VirtualLedger Ledger = VirtualLedger.With(6);
    private static readonly byte[] File = Ledger.BundleOf(2).ToBytes();
    private static readonly BundleVerifier Verifier = new(Ledger.Trust());

    /// <summary>Per field: a one-character change in its value that keeps the file canonical, and the check that must name it.</summary>
    public static TheoryData<string, string, string> Fields => new()
    {
        { "envelope/payload", "eyJfdHlwZSI6", CheckNames.StatementSignature },
        { "envelope/payloadType", "in-toto", CheckNames.StatementSignature },
        { "envelope/signatures/0/keyid", "SHA256", CheckNames.StatementSignature },
        { "envelope/signatures/0/sig", "", CheckNames.StatementSignature },
        { "leaf/origin", "demo", CheckNames.StatementSignature },
        { "leaf/prev", "", CheckNames.Inclusion },
        { "leaf/seq", "", CheckNames.Leaf },
        { "meta/salt", "", CheckNames.Meta },
        { "meta/value/user_id", "", CheckNames.Meta },
        { "proof/hashes/0", "", CheckNames.Inclusion },
        { "proof/hashes/1", "", CheckNames.Inclusion },
        { "proof/hashes/2", "", CheckNames.Inclusion },
        { "proof/leaf_index", "", CheckNames.Leaf },
        { "checkpoint", "demo", CheckNames.CheckpointSignature },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_changed_character_of_a_field_fails_the_check_that_names_it(string path, string near, string check)
    {
        var root = JsonNode.Parse(File)!;
        var steps = path.Split('/');
        var parent = steps.SkipLast(1).Aggregate(root, (node, step) => node is JsonArray list ? list[int.Parse(step, null)]! : node[step]!);
        var value = parent is JsonArray array ? array[int.Parse(steps[^1], null)]! : parent[steps[^1]]!;
        JsonNode changed = value.GetValueKind() == System.Text.Json.JsonValueKind.Number
            ? JsonValue.Create(value.GetValue<long>() + 1)
            : JsonValue.Create(Changed(value.GetValue<string>(), near));
        if (parent is JsonArray items) items[int.Parse(steps[^1], null)] = changed;
        else parent[steps[^1]] = changed;

        Assert.True(Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(root.ToJsonString()), new JsonLimits(32, 1 << 20), out var file, out _));
        Assert.True(Bundle.TryParse(file, out var bundle, out _));
        var report = Verifier.Verify(bundle, Unanchored);
        Assert.Equal(CheckOutcome.Fail, report[check].Outcome);
        Assert.Equal(Verdict.Failed, report.Verdict);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_changed_line_of_the_checkpoint_fails_its_signature(int line)
    {
        var bundle = Ledger.BundleOf(2);
        var lines = bundle.Checkpoint.Split('\n');
        lines[line] = line switch { 0 => Ledger.Origin + "x", 1 => "7", _ => Convert.ToBase64String(new byte[32]) };
        var report = Verifier.Verify(bundle with { Checkpoint = string.Join('\n', lines) }, Unanchored);
        Assert.Equal(CheckOutcome.Fail, report[CheckNames.CheckpointSignature].Outcome);
        Assert.Equal(FailureCode.CheckpointNotVerified, report[CheckNames.Inclusion].Code);
    }

    [Fact]
    public void No_byte_of_a_bundle_can_be_changed()
    {
        var accepted = new List<string>();
        ForEachChange(File, (changed, what) =>
        {
            if (Bundle.TryParse(changed, out var bundle, out _) && Verifier.Verify(bundle, Unanchored).Verdict != Verdict.Failed)
                accepted.Add(what);
        });
        Assert.Empty(accepted);
    }

    [Fact]
    public void No_byte_of_a_bundle_can_be_left_out_or_put_in()
    {
        for (var at = 0; at <= File.Length; at++)
        {
            if (at < File.Length) Assert.False(Accepted([.. File[..at], .. File[(at + 1)..]]), $"without byte {at}");
            foreach (var added in (byte[])[(byte)' ', (byte)'0', (byte)'"', 0])
                Assert.False(Accepted([.. File[..at], added, .. File[at..]]), $"byte {added} put in at {at}");
        }
    }

    [Fact]
    public void No_byte_of_a_receipt_can_be_changed()
    {
        var file = Ledger.ReceiptOf(2).ToBytes();
        var verifier = new ReceiptVerifier(Ledger.Trust());
        Assert.True(Receipt.TryParse(file, out var sound, out _));
        Assert.Equal(Verdict.Verified, verifier.Verify(sound).Verdict);
        var accepted = new List<string>();
        ForEachChange(file, (changed, what) =>
        {
            if (Receipt.TryParse(changed, out var receipt, out _) && verifier.Verify(receipt).Verdict != Verdict.Failed) accepted.Add(what);
        });
        Assert.Empty(accepted);
    }

    [Theory]
    [InlineData("vkey")]
    [InlineData("public_key")]
    [InlineData("key_id")]
    [InlineData("anchor_keys")]
    [InlineData("tenant")]
    [InlineData("origin")]
    public void No_character_of_a_key_or_a_name_in_the_trust_file_can_be_changed(string member)
    {
        var text = Encoding.UTF8.GetString(Ledger.Trust().ToBytes());
        var start = text.IndexOf($"\"{member}\":", StringComparison.Ordinal) + member.Length + 3;
        var end = text.IndexOf('"', text.IndexOf('"', start) + 1);
        var accepted = new List<string>();
        ForEachChange(Encoding.UTF8.GetBytes(text), (changed, what) =>
        {
            if (TrustFile.TryParse(changed, out var trust, out _)
                && new BundleVerifier(trust).Verify(Ledger.BundleOf(2), Unanchored).Verdict != Verdict.Failed)
                accepted.Add(what);
        }, start, end + 1);
        Assert.Empty(accepted);
    }

    [Fact]
    public void Random_damage_never_throws_and_never_verifies()
    {
        var random = new Random(20260127);
        var trustFile = Ledger.Trust().ToBytes();
        var receiptFile = Ledger.ReceiptOf(2).ToBytes();
        var receipts = new ReceiptVerifier(Ledger.Trust());
        for (var round = 0; round < 4000; round++)
        {
            Assert.False(Accepted(Damaged(File, random)));
            var damaged = Damaged(receiptFile, random);
            Assert.False(Receipt.TryParse(damaged, out var receipt, out _) && receipts.Verify(receipt).Verdict != Verdict.Failed);
            _ = TrustFile.TryParse(Damaged(trustFile, random), out _, out _);
            _ = ExportedEntry.TryParse(Damaged(File, random), out _, out _);
        }
    }

    private static bool Accepted(byte[] file) =>
        Bundle.TryParse(file, out var bundle, out _) && Verifier.Verify(bundle, Unanchored).Verdict != Verdict.Failed;

    private static string Changed(string value, string near)
    {
        var at = value.IndexOf(near, StringComparison.Ordinal) + near.Length;
        if (near.Length > 0) at--;
        var other = value[at] == 'a' ? 'b' : value[at] == '1' ? '2' : char.IsAsciiDigit(value[at]) ? '1' : 'a';
        return value[..at] + other + value[(at + 1)..];
    }

    private static void ForEachChange(byte[] file, Action<byte[], string> visit, int start = 0, int? end = null)
    {
        for (var at = start; at < (end ?? file.Length); at++)
        {
            var original = file[at];
            // A neighbour in the alphabet, the other case, both ends of a byte, and what JSON gives a meaning.
            foreach (var replacement in (byte[])[(byte)(original ^ 1), (byte)(original ^ 0x20), (byte)(original ^ 0x80), 0, (byte)' ',
                (byte)'\n', (byte)'0', (byte)'A', (byte)'"', (byte)','])
            {
                if (replacement == original) continue;
                var changed = (byte[])file.Clone();
                changed[at] = replacement;
                visit(changed, $"byte {at} from {original} to {replacement}");
            }
        }
    }

    private static byte[] Damaged(byte[] file, Random random)
    {
        var damaged = file.ToList();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(4))
            {
                case 0: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged.RemoveRange(at, Math.Min(random.Next(1, 40), damaged.Count - at)); break;
                case 2: damaged.InsertRange(at, damaged.GetRange(random.Next(at + 1), Math.Min(5, damaged.Count - at))); break;
                default: damaged.Insert(at, (byte)"{}[]\",:0\\"[random.Next(9)]); break;
            }

            if (damaged.Count == 0) damaged.Add(0);
        }

        return damaged.SequenceEqual(file) ? [.. file, 0] : [.. damaged];
    }
}
