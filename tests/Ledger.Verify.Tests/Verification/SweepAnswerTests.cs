using System.Text;
using System.Text.Json.Nodes;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Tests.Fuzzing;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

/// <summary>What a sweep reads from the network: read leniently where servers differ, and refused rather than half understood.</summary>
public sealed class SweepAnswerTests
{
    private static readonly VirtualLog Log = VirtualLog.Rekor1().Fill(3);

    [Fact]
    public void A_page_of_anchors_is_read_with_whatever_else_is_in_it()
    {
        Assert.True(AnchorPage.TryParse(
            """{ "next_cursor": "abc", "items": [ { "kind": "x", "size": 7, "bundle": { "b": 1, "a": 2 }, "z": null } ], "y": [] }"""u8,
            out var page));
        var item = Assert.Single(page.Items);
        Assert.Equal((7, "{\"a\":2,\"b\":1}", "abc"), (item.Size, Encoding.UTF8.GetString(item.Bundle), page.NextCursor));
        Assert.True(AnchorPage.TryParse("""{"items":[],"next_cursor":null}"""u8, out page));
        Assert.Null(page.NextCursor);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"items\":[]}")]
    [InlineData("{\"next_cursor\":null}")]
    [InlineData("{\"items\":{},\"next_cursor\":null}")]
    [InlineData("{\"items\":[],\"next_cursor\":1}")]
    [InlineData("{\"items\":[1],\"next_cursor\":null}")]
    [InlineData("{\"items\":[{\"bundle\":{}}],\"next_cursor\":null}")]
    [InlineData("{\"items\":[{\"size\":1}],\"next_cursor\":null}")]
    [InlineData("{\"items\":[{\"size\":-1,\"bundle\":{}}],\"next_cursor\":null}")]
    [InlineData("{\"items\":[{\"size\":1.5,\"bundle\":{}}],\"next_cursor\":null}")]
    [InlineData("{\"items\":[{\"size\":9007199254740992,\"bundle\":{}}],\"next_cursor\":null}")]
    [InlineData("{\"items\":[{\"size\":1,\"bundle\":[]}],\"next_cursor\":null}")]
    [InlineData("{\"items\":[{\"size\":1,\"size\":2,\"bundle\":{}}],\"next_cursor\":null}")]
    public void Any_other_page_is_refused(string page) => Assert.False(AnchorPage.TryParse(Encoding.UTF8.GetBytes(page), out _));

    [Fact]
    public void An_entry_of_Rekor_v1_is_read_as_it_was_answered()
    {
        var entry = Log.Entry(1);
        var (name, read) = Assert.Single(RekorAnswers.Entries(Encoding.UTF8.GetBytes(new JsonArray(Sweeps.Answer(entry)).ToJsonString()))!);
        Assert.Equal(entry.EntryId(), name);
        Assert.Equal(entry.CanonicalizedBody, read.CanonicalizedBody);
        Assert.Equal(entry.SignedEntryTimestamp, read.SignedEntryTimestamp);
        Assert.Equal((entry.LogIndex, entry.Inclusion.LogIndex), (read.LogIndex, read.Inclusion.LogIndex));
        Assert.Null(FoundEntry.OfVersion1(name, read, VirtualLedger.With(1).TrustIn([Log]).TrustedRoot).Failure);
    }

    [Theory]
    [InlineData("body", "\"!\"")]
    [InlineData("logID", "\"AB\"")]
    [InlineData("logIndex", "-1")]
    [InlineData("logIndex", "\"1\"")]
    [InlineData("integratedTime", "1.5")]
    [InlineData("verification", "null")]
    [InlineData("verification/signedEntryTimestamp", "\"!\"")]
    [InlineData("verification/inclusionProof", "[]")]
    [InlineData("verification/inclusionProof/hashes", "[\"00\"]")]
    [InlineData("verification/inclusionProof/hashes", "[1]")]
    [InlineData("verification/inclusionProof/hashes", "{}")]
    [InlineData("verification/inclusionProof/rootHash", "1")]
    [InlineData("verification/inclusionProof/treeSize", "null")]
    [InlineData("verification/inclusionProof/checkpoint", "{}")]
    public void An_entry_with_a_member_that_is_none_is_refused(string path, string value)
    {
        var answer = Answer();
        var steps = path.Split('/');
        var parent = steps.SkipLast(1).Aggregate(answer[0]![Log.Entry(1).EntryId()]!, (node, step) => node[step]!);
        parent[steps[^1]] = JsonNode.Parse(value);
        Assert.Null(RekorAnswers.Entries(Encoding.UTF8.GetBytes(answer.ToJsonString())));
    }

    [Theory]
    [InlineData("[\"2732b5cc5d803a911e44bb3db05bee29de048390ad82fdd1073914013627181895377bd5eb6be201\"]", 1)]
    [InlineData("[]", 0)]
    [InlineData("[\"xyz\"]", null)]
    [InlineData("[1]", null)]
    [InlineData("{}", null)]
    [InlineData("", null)]
    public void Entry_ids_are_read_or_refused(string answer, int? count) =>
        Assert.Equal(count, RekorAnswers.EntryIds(Encoding.UTF8.GetBytes(answer))?.Count);

    [Fact]
    public void Whatever_a_server_says_nothing_is_thrown()
    {
        var mutator = new Mutator(seed: 20260127);
        byte[][] seeds =
        [
            Encoding.UTF8.GetBytes(Answer().ToJsonString()),
            Encoding.UTF8.GetBytes($"[\"{Log.Entry(0).EntryId()}\"]"),
            Encoding.UTF8.GetBytes(new JsonObject { ["signedTreeHead"] = Log.Checkpoint(3) }.ToJsonString()),
            """{"items":[{"size":7,"bundle":{}}],"next_cursor":null}"""u8.ToArray(),
            Log.Entry(1).CanonicalizedBody,
            Sweeps.AsRekord([1], [2], VirtualLedger.With(0).AnchorKey.Pem),
        ];
        var read = 0;
        for (var round = 0; round < 6_000; round++)
        {
            var answer = mutator.Mutate(seeds[round % seeds.Length], seeds);
            read += AnchorPage.TryParse(answer, out _) ? 1 : 0;
            read += RekorAnswers.Entries(answer) is null ? 0 : 1;
            read += RekorAnswers.EntryIds(answer) is null ? 0 : 1;
            read += RekorAnswers.SignedTreeHead(answer) is null ? 0 : 1;
            read += SweptBody.TryParse(answer, out _) ? 1 : 0;
        }

        // Not everything was refused at the first brace.
        Assert.InRange(read, 100, 6_000);
    }

    private static JsonArray Answer() => [Sweeps.Answer(Log.Entry(1))];
}
