using System.Text;
using System.Text.Json.Nodes;
using Ledger.Verify.Cli;
using Ledger.Verify.Entries;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Tests.Verification;

namespace Ledger.Verify.Tests.Cli;

/// <summary>Servers that answer <c>anchors</c> differently each time, with old answers, or with others' entries.</summary>
public sealed class HostileSourceTests : IDisposable
{
    private static readonly VirtualLedger Ours = VirtualLedger.With(12);
    private static readonly VirtualLedger Rewritten = Rewrite();
    private readonly VirtualLog _v1 = VirtualLog.Rekor1().Fill(2);
    private readonly VirtualLog _v2 = VirtualLog.Rekor2().Fill(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-hostile-").FullName;
    private readonly string _trust;

    public HostileSourceTests()
    {
        _trust = Path.Combine(_folder, "trust.json");
        File.WriteAllBytes(_trust, Ours.TrustIn([_v1, _v2]).ToBytes());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    public async Task A_ledger_that_answers_one_read_differently_does_not_blind_the_sweep(int hiddenCheckpoint, int emptyList)
    {
        foreach (var log in (VirtualLog[])[_v1, _v2]) Ours.AnchorAt(log, 12);
        var export = Rewritten.Export(5);
        (long, byte[])[] list =
            [(12, Rewritten.AnchorAt(_v1, 12)), (12, Rewritten.AnchorAt(_v2, 12)), (5, Rewritten.AnchorAt(_v1, 5))];
        var (checkpoints, lists) = (0, 0);
        await using var site = new LoopbackSite((what, _) =>
        {
            var path = what["GET /log/demo/".Length..];
            if (path == "checkpoint") return ++checkpoints == hiddenCheckpoint ? null : export["checkpoint"];
            if (path.StartsWith("anchors?", StringComparison.Ordinal)) return ++lists == emptyList ? Page() : Page(list);
            return export.GetValueOrDefault(path);
        });
        await using var v1 = RekorSite.OfVersion1(_v1);
        await using var v2 = RekorSite.OfVersion2(_v2);
        var (code, output, _) = await Run($"{site.Address}/log/demo",
            "--rekor", v1.Address, "--rekor-version", "1", "--rekor", v2.Address, "--rekor-version", "2");
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.EndsWith("verdict failed\n", output, StringComparison.Ordinal);
        var where = hiddenCheckpoint == 1 ? "file-missing checkpoint" : $"sweep-digest-unknown {_v2.Trusted.LogId}:2";
        Assert.Contains(where, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_checkpoint_of_a_transparency_log_does_not_cut_the_scan_short()
    {
        Ours.AnchorAt(_v2, 12);
        var export = Rewritten.Export();
        export.PutAnchor(12, Rewritten.AnchorAt(_v2, 12));
        foreach (var shown in (int[])[2, 3])
        {
            await using var old = Scanned(_ => shown);
            var (code, output, _) = await Run(Export(export), "--rekor", old.Address, "--rekor-version", "2");
            Assert.Equal(ExitCodes.NotSatisfied, code);
            Assert.Contains("  sweep-incomplete anchors/12.", output, StringComparison.Ordinal);
        }

        // Old the first time only: the log has signed the tree that the list's proof is from, and is read up to there.
        await using var once = Scanned(time => time == 1 ? 2 : 4);
        Assert.Contains($"  sweep-digest-unknown {_v2.Trusted.LogId}:2\n",
            (await Run(Export(export), "--rekor", once.Address, "--rekor-version", "2")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task An_anchor_that_is_made_while_the_sweep_runs_is_no_finding(string version)
    {
        var log = version == "1" ? _v1 : _v2;
        (long, byte[])[] list = [(5, Ours.AnchorAt(log, 5))];
        var export = Ours.Export();
        await using var site = new LoopbackSite((what, _) =>
        {
            var path = what["GET /log/demo/".Length..];
            if (!path.StartsWith("anchors?", StringComparison.Ordinal)) return export.GetValueOrDefault(path);
            // Once the transparency logs have been asked; and a further one that is not in the list yet.
            list = [(12, Ours.AnchorAt(log, 12)), .. list];
            Ours.AnchorAt(log, 11);
            return Page(list);
        });
        await using var rekor = version == "1" ? RekorSite.OfVersion1(log) : RekorSite.OfVersion2(log);
        var (code, output, _) = await Run($"{site.Address}/log/demo", "--rekor", rekor.Address, "--rekor-version", version);
        Assert.Contains("log-entries pass\nverdict verified\n", output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Satisfied, code);
    }

    [Fact]
    public async Task A_stranger_s_entry_in_the_place_of_the_old_anchor_is_named()
    {
        VirtualAnchor.Of(_v1, new VirtualSigner("stranger"), "x"u8.ToArray());
        Ours.AnchorAt(_v1, 12);
        var export = Rewritten.Export();
        export.PutAnchor(12, Rewritten.AnchorAt(_v1, 12));
        var (old, current) = (_v1.Entry(3).EntryId(), _v1.Entry(4).EntryId());
        await using var site = Searched($"[\"{current}\",\"{old}\"]", new JsonArray(
            Sweeps.Answer(_v1.Entry(4)), new JsonObject { [old] = Sweeps.Answer(_v1.Entry(2)).First().Value!.DeepClone() }));
        var (code, output, _) = await Run(Export(export), "--rekor", site.Address, "--rekor-version", "1");
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Contains($"  sweep-answer-malformed {old}\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_body_in_two_shards_is_judged_in_each(bool inOrder)
    {
        var export = Ours.Export();
        export.PutAnchor(12, Ours.AnchorAt(_v1, 12));
        var newer = VirtualLog.Rekor1(olderShards: 4_000, treeId: "99").Fill(5);
        var (leaf, entry) = (_v1.Entry(2).EntryId()[16..], _v1.Entry(2));
        var again = newer.Entry(newer.Add(entry.CanonicalizedBody));
        var named = Sweeps.Answer(again).First().Value!.DeepClone();
        JsonObject[] answers = [Sweeps.Answer(entry), new JsonObject { ["3732b5cc5d803a91" + leaf] = named }];
        foreach (var ids in (string[])[$"[\"2732b5cc5d803a91{leaf}\",\"3732b5cc5d803a91{leaf}\"]", $"[\"{leaf}\"]"])
        {
            var json = new JsonArray([.. (inOrder ? answers : answers.Reverse()).Select(answer => answer.DeepClone())]);
            await using var site = Searched(ids, json);
            var (code, output, _) = await Run(Export(export), "--rekor", site.Address, "--rekor-version", "1");
            Assert.Equal(ExitCodes.Satisfied, code);
            Assert.Contains("2 entries under the keys\n", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("the same cursor")]
    [InlineData("the same anchor")]
    [InlineData("no anchors")]
    public async Task An_endless_list_is_refused(string what)
    {
        var (export, size, page, same) = (Ours.Export(), 12, 0, Ours.AnchorAt(_v1, 12));
        await using var site = new LoopbackSite((asked, _) =>
        {
            var path = asked["GET /log/demo/".Length..];
            if (!path.StartsWith("anchors?", StringComparison.Ordinal)) return export.GetValueOrDefault(path);
            Assert.InRange(++page, 1, 3);
            var cursor = what == "the same cursor" ? "c" : $"{page}";
            if (what == "no anchors") return JsonOf(cursor, (12, Encoding.ASCII.GetBytes($"{{\"a\":{page}}}")));
            return JsonOf(cursor, what == "the same cursor" ? (size, Ours.AnchorAt(_v1, size--)) : (12, same));
        });
        var (code, _, error) = await Run($"{site.Address}/log/demo");
        Assert.Equal(ExitCodes.Unreadable, code);
        Assert.Contains("anchors: not there, or not what it should be", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_grows_into_another_tree_while_it_is_read_is_named()
    {
        var export = Rewritten.Export();
        var asked = 0;
        await using var site = new LoopbackSite((what, _) =>
        {
            var path = what["GET /log/demo/".Length..];
            if (path == "checkpoint" && ++asked == 1) return Encoding.UTF8.GetBytes(Ours.CheckpointAt(5));
            return path.StartsWith("anchors?", StringComparison.Ordinal)
                ? Page((12, Rewritten.AnchorAt(_v1, 12))) : export.GetValueOrDefault(path);
        });
        var (code, output, _) = await Run($"{site.Address}/log/demo");
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Contains("consistency fail consistency-from-root-mismatch\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trusted_log_that_nobody_looked_through_is_said()
    {
        var export = Ours.Export();
        export.PutAnchor(12, Ours.AnchorAt(_v1, 12));
        await using var rekor = RekorSite.OfVersion1(_v1);
        var (_, output, _) = await Run(Export(export), "--rekor", rekor.Address, "--rekor-version", "1");
        Assert.Contains("under the keys\ncompleteness: not checked rekor2.virtual.test\nlog ", output, StringComparison.Ordinal);
    }

    /// <summary>The same keys; the same log up to size 4.</summary>
    private static VirtualLedger Rewrite()
    {
        var ledger = VirtualLedger.With(4);
        for (var i = 4; i < 12; i++) ledger.Append("user-action", "something else");
        return ledger;
    }

    /// <summary>All entries of the v2 log under a checkpoint of some size.</summary>
    private LoopbackSite Scanned(Func<int, int> shown)
    {
        var asked = 0;
        return new LoopbackSite((what, _) => what == "GET /api/v2/checkpoint"
            ? Encoding.UTF8.GetBytes(_v2.Checkpoint(shown(++asked)))
            : EntryBundle.Write([.. Enumerable.Range(0, int.Parse(what.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture))
                .Select(index => _v2.Entry(index).CanonicalizedBody)]));
    }

    /// <summary>A v1 log whose search by key names these, and that answers this.</summary>
    private LoopbackSite Searched(string ids, JsonArray answers) => new((what, query) => what switch
    {
        "GET /api/v1/log" => Encoding.UTF8.GetBytes(new JsonObject { ["signedTreeHead"] = _v1.Checkpoint(_v1.Size) }.ToJsonString()),
        "POST /api/v1/index/retrieve" => Encoding.UTF8.GetBytes(query.Contains("publicKey", StringComparison.Ordinal) ? ids : "[]"),
        _ => Encoding.UTF8.GetBytes(answers.ToJsonString()),
    });

    private string Export(SortedDictionary<string, byte[]> files)
    {
        var folder = Path.Combine(_folder, Path.GetRandomFileName());
        foreach (var (path, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllBytes(Path.Combine(folder, path), content);
        }

        return folder;
    }

    private static byte[] Page(params (long, byte[])[] list) => JsonOf(null, list);

    private static byte[] JsonOf(string? cursor, params (long Size, byte[] Anchor)[] list) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["items"] = new JsonArray(
            [.. list.Select(item => new JsonObject { ["size"] = item.Size, ["bundle"] = JsonNode.Parse(item.Anchor) })]),
        ["next_cursor"] = cursor,
    }.ToJsonString());

    private Task<(int Code, string Output, string Error)> Run(string source, params string[] args) => Task.Run(() =>
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = CommandLine.Run(["anchors", source, "--trust", _trust, .. args], output, error);
        return (code, output.ToString(), error.ToString());
    });
}
