using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Verify.Cli;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Tests.Verification;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Cli;

/// <summary><c>anchors</c> over an export and a public log, with transparency logs on loopback.</summary>
public sealed class AnchorsCommandTests : IDisposable
{
    private static readonly VirtualLedger Ours = VirtualLedger.With(12);
    private readonly VirtualLog _v1 = VirtualLog.Rekor1().Fill(2);
    private readonly VirtualLog _v2 = VirtualLog.Rekor2().Fill(255);
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-anchors-").FullName;
    private readonly SortedDictionary<string, byte[]> _export = Ours.Export(5);
    private readonly string _trust;

    public AnchorsCommandTests()
    {
        foreach (var size in (int[])[5, 12])
        {
            _export.PutAnchor(size, Ours.AnchorAt(_v1, size));
            _export.PutAnchor(size, Ours.AnchorAt(_v2, size));
        }

        _trust = Path.Combine(_folder, "trust.json");
        File.WriteAllBytes(_trust, Ours.TrustIn([_v1, _v2]).ToBytes());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_transparency_log_nothing_is_dialled_and_completeness_is_not_checked()
    {
        var (code, output, error) = Run(Export());
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.Equal(
            """
            completeness: not checked rekor.virtual.test
            completeness: not checked rekor2.virtual.test
            log ledger.localhost/log/demo size 12 anchored 12
            checkpoint-signature pass
            anchors pass
            consistency pass
            log-entries absent
            verdict verified

            """.ReplaceLineEndings("\n"),
            output);
        Assert.Empty(error);
    }

    [Fact]
    public async Task Both_kinds_of_log_are_looked_through_and_the_first_lines_say_so()
    {
        await using var v1 = RekorSite.OfVersion1(_v1);
        await using var v2 = RekorSite.OfVersion2(_v2);
        var (code, output, _) = await Task.Run(() => Run(
            Export(), "--rekor", v1.Address, "--rekor-version", "1", "--rekor", v2.Address, "--rekor-version", "2"));
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.StartsWith(
            $"""
            network: reading {v1.Address}/
            network: reading {v2.Address}/
            completeness: searched rekor.virtual.test, 2 entries under the keys
            completeness: scanned rekor2.virtual.test, all 257 entries, 2 under the keys
            log ledger.localhost/log/demo size 12 anchored 12

            """.ReplaceLineEndings("\n"),
            output, StringComparison.Ordinal);
        Assert.Contains("log-entries pass\nverdict verified\n", output, StringComparison.Ordinal);
        Assert.Equal(["GET /api/v2/checkpoint", "GET /api/v2/tile/entries/000", "GET /api/v2/tile/entries/001.p/1"], v2.Requests);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task A_log_rewritten_and_anchored_again_is_caught(string version)
    {
        var log = version == "1" ? _v1 : _v2;
        var rewritten = VirtualLedger.With(4);
        for (var i = 4; i < 12; i++) rewritten.Append("user-action", "something else");
        var export = rewritten.Export(5);
        foreach (var size in (int[])[5, 12]) export.PutAnchor(size, rewritten.AnchorAt(log, size));
        Assert.Equal(ExitCodes.Satisfied, Run(Export(export)).Code);

        await using var rekor = version == "1" ? RekorSite.OfVersion1(_v1) : RekorSite.OfVersion2(_v2);
        var (code, output, _) = await Task.Run(() => Run(Export(export), "--rekor", rekor.Address, "--rekor-version", version));
        Assert.Equal(ExitCodes.NotSatisfied, code);
        var names = version == "1"
            ? new[] { 2, 3 }.Select(index => _v1.Entry(index).EntryId())
            : new[] { 255, 256 }.Select(index => $"{_v2.Trusted.LogId}:{index}");
        var lines = string.Concat(names.Select(name => $"  sweep-digest-unknown {name}\n"));
        Assert.EndsWith($"log-entries fail sweep-digest-unknown\n{lines}verdict failed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_log_is_swept_page_by_page_with_the_epochs_that_the_trust_file_knows()
    {
        var second = new VirtualLedger("demo", epoch: 2);
        second.Append("s", "p");
        (int, byte[])[] list =
            [(12, Ours.AnchorAt(_v1, 12)), (12, Ours.AnchorAt(_v2, 12)), (5, Ours.AnchorAt(_v1, 5)), (5, Ours.AnchorAt(_v2, 5))];
        var ofSecond = new[] { (1, second.AnchorAt(_v1, 1)) };
        File.WriteAllBytes(_trust, Anchors.Trust([Ours, second], [_v1, _v2]).ToBytes());
        await using var site = new LoopbackSite((what, _) =>
        {
            var path = what["GET /log/demo/".Length..];
            if (path.StartsWith("anchors?", StringComparison.Ordinal)) return Page(list, path);
            if (path.StartsWith("2/anchors?", StringComparison.Ordinal)) return Page(ofSecond, path);
            return path.StartsWith("2/", StringComparison.Ordinal)
                ? second.Export().GetValueOrDefault(path[2..])
                : _export.GetValueOrDefault(path);
        });
        await using var rekor = RekorSite.OfVersion1(_v1);
        var address = $"{site.Address}/log/demo";
        var (code, output, error) = await Task.Run(() => Run(address, "--rekor", rekor.Address, "--rekor-version", "1"));
        Assert.Equal($"network: reading {address}\n", error);
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.Contains("log ledger.localhost/log/demo size 12 anchored 12\n", output, StringComparison.Ordinal);
        Assert.Contains("log ledger.localhost/log/demo/2 size 1 anchored 1\n", output, StringComparison.Ordinal);
        Assert.Contains("GET /log/demo/anchors?limit=1000&cursor=2%2B", site.Requests);

        list[3] = (5, Ours.AnchorAt(_v2, 4));
        (code, output, _) = await Task.Run(() => Run(address));
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Contains("anchors fail anchor-digest-mismatch\n  anchor-digest-mismatch anchors:4\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_grows_while_it_is_read_is_read_anew_and_one_that_lost_entries_is_named()
    {
        var asked = 0;
        var grown = true;
        await using var site = new LoopbackSite((what, _) =>
        {
            var path = what["GET /log/demo/".Length..];
            if (path == "checkpoint" && (++asked < 2 || !grown)) return Encoding.UTF8.GetBytes(Ours.CheckpointAt(5));
            if (path.StartsWith("tile/0/000.p/", StringComparison.Ordinal))
                return _export["tile/0/000.p/12"][..(32 * int.Parse(path["tile/0/000.p/".Length..], CultureInfo.InvariantCulture))];
            return path.StartsWith("anchors?", StringComparison.Ordinal)
                ? Page([(12, Ours.AnchorAt(_v1, 12)), (5, Ours.AnchorAt(_v1, 5))], path)
                : _export.GetValueOrDefault(path);
        });
        Assert.Equal(ExitCodes.Satisfied, (await Task.Run(() => Run($"{site.Address}/log/demo"))).Code);
        grown = false;
        var (code, output, _) = await Task.Run(() => Run($"{site.Address}/log/demo"));
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Contains("anchors fail anchor-beyond-head\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_nobody_trusts_is_not_looked_through()
    {
        foreach (var (version, stranger) in ((string, VirtualLog)[])
            [("1", VirtualLog.Rekor1("elsewhere").Fill(1)), ("2", VirtualLog.Rekor2("elsewhere").Fill(1))])
        {
            await using var rekor = version == "1" ? RekorSite.OfVersion1(stranger) : RekorSite.OfVersion2(stranger);
            var (code, output, _) = await Task.Run(() => Run(Export(), "--rekor", rekor.Address, "--rekor-version", version));
            Assert.Equal(ExitCodes.NotSatisfied, code);
            Assert.Contains($"completeness: not checked, {rekor.Address} is no trusted log\n", output, StringComparison.Ordinal);
            Assert.EndsWith(
                $"log-entries fail log-unknown\n  log-unknown {rekor.Address}\nverdict failed\n", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_entry_under_the_key_in_a_form_that_nobody_knows_is_not_passed_over()
    {
        var key = Convert.ToBase64String(Encoding.ASCII.GetBytes(Ours.AnchorKey.Pem));
        var index = _v1.Add(Encoding.ASCII.GetBytes($"{{\"apiVersion\":\"9.9.9\",\"kind\":\"hashedrekord\",\"spec\":\"{key}\"}}"));
        await using var rekor = RekorSite.OfVersion1(_v1);
        var (code, output, _) = await Task.Run(() => Run(Export(), "--rekor", rekor.Address, "--rekor-version", "1"));
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Contains($"  log-body-kind-unknown {_v1.Entry(index).EntryId()}\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_the_search_names_and_the_log_does_not_give_is_a_finding()
    {
        var unknown = new string('0', 80);
        await using var rekor = new LoopbackSite((what, _) => what switch
        {
            "GET /api/v1/log" => Encoding.UTF8.GetBytes(new JsonObject { ["signedTreeHead"] = _v1.Checkpoint(_v1.Size) }.ToJsonString()),
            "POST /api/v1/index/retrieve" => Encoding.UTF8.GetBytes($"[\"{unknown}\"]"),
            _ => "[]"u8.ToArray(),
        });
        var (code, output, _) = await Task.Run(() => Run(Export(), "--rekor", rekor.Address, "--rekor-version", "1"));
        Assert.Equal(ExitCodes.NotSatisfied, code);
        // Nothing came that the list has, either.
        Assert.Contains($"  sweep-answer-malformed {unknown}\n  sweep-incomplete anchors/12.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "POST /api/v1/index/retrieve", "{}")]
    [InlineData("1", "POST /api/v1/index/retrieve", "[\"abc\"]")]
    [InlineData("1", "POST /api/v1/index/retrieve", null)]
    [InlineData("1", "POST /api/v1/log/entries/retrieve", "[{\"a\":1}]")]
    [InlineData("2", "GET /api/v2/tile/entries/000", "short")]
    [InlineData("2", "GET /api/v2/tile/entries/001.p/1", null)]
    public async Task An_answer_that_is_not_what_it_should_be_is_unreadable(string version, string request, string? answer)
    {
        await using var sound = version == "1" ? RekorSite.OfVersion1(_v1) : RekorSite.OfVersion2(_v2);
        using var client = new HttpClient();
        await using var rekor = new LoopbackSite((what, body) =>
        {
            if (what == request) return answer is null ? null : Encoding.UTF8.GetBytes(answer);
            using var copy = new HttpRequestMessage(new HttpMethod(what.Split(' ')[0]), sound.Address + what.Split(' ')[1]);
            if (body.Length > 0) copy.Content = new StringContent(body);
            return client.Send(copy).Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        });
        var (code, _, error) = await Task.Run(() => Run(Export(), "--rekor", rekor.Address, "--rekor-version", version));
        Assert.Equal(ExitCodes.Unreadable, code);
        Assert.Contains(request.Split(' ')[1], error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_says_the_same_in_one_object()
    {
        await using var rekor = RekorSite.OfVersion1(_v1);
        var (code, output, error) = await Task.Run(() => Run(Export(), "--json", "--rekor", rekor.Address, "--rekor-version", "1"));
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.Equal($"network: reading {rekor.Address}/\n", error);
        var report = JsonNode.Parse(output)!;
        Assert.Equal(["network: reading " + rekor.Address + "/", "completeness: searched rekor.virtual.test, 2 entries under the keys",
            "completeness: not checked rekor2.virtual.test"],
            report["notes"]!.AsArray().Select(note => note!.GetValue<string>()));
        Assert.Equal((12, "verified"), (report["logs"]![0]!["anchored"]!.GetValue<int>(), report["verdict"]!.GetValue<string>()));
    }

    [Fact]
    public void An_epoch_that_the_trust_file_knows_and_the_export_lacks_is_said()
    {
        File.WriteAllBytes(_trust, Anchors.Trust([Ours, new VirtualLedger("demo", 2)], [_v1, _v2]).ToBytes());
        Assert.Contains("not in this source: ledger.localhost/log/demo/2\n", Run(Export()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_nobody_anchored_is_not_enough_unless_the_policy_says_so()
    {
        var bare = Export(Ours.Export());
        var (code, output, error) = Run(bare);
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.EndsWith("verdict verified-not-anchored\n", output, StringComparison.Ordinal);
        Assert.StartsWith("NOT ANCHORED", error, StringComparison.Ordinal);
        File.WriteAllBytes(_trust, (Ours.TrustIn([_v1]) with { Policy = new TrustPolicy(0, 0) }).ToBytes());
        Assert.Equal(ExitCodes.Satisfied, Run(bare).Code);
    }

    [Theory]
    [InlineData("--rekor", "http://127.0.0.1:1")]
    [InlineData("--rekor-version", "1")]
    [InlineData("--rekor", "http://127.0.0.1:1", "--rekor-version", "3")]
    [InlineData("--rekor", "ftp://127.0.0.1:1", "--rekor-version", "1")]
    [InlineData("--rekor", "--json", "--rekor-version", "1")]
    public void Wrong_usage_is_exit_2(params string[] args)
    {
        var (code, output, error) = Run(Export(), args);
        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_transparency_log_that_does_not_answer_is_unreadable()
    {
        var (code, _, error) = Run(Export(), "--rekor", "http://127.0.0.1:1", "--rekor-version", "2");
        Assert.Equal(ExitCodes.Unreadable, code);
        Assert.StartsWith("http://127.0.0.1:1/api/v2/checkpoint", error, StringComparison.Ordinal);
    }

    private string Export(SortedDictionary<string, byte[]>? files = null)
    {
        var folder = Path.Combine(_folder, Path.GetRandomFileName());
        foreach (var (path, content) in files ?? _export)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllBytes(Path.Combine(folder, path), content);
        }

        return folder;
    }

    // Two items a page; the cursor is an index with a character that must be escaped in a query.
    private static byte[] Page((int Size, byte[] Anchor)[] list, string path)
    {
        var cursor = Uri.UnescapeDataString(path.Split("cursor=") is [_, var at] ? at : "0%2B").TrimEnd('+');
        var start = int.Parse(cursor, CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["items"] = new JsonArray([.. list.Skip(start).Take(2).Select(item => new JsonObject
                { ["kind"] = "checkpoint", ["size"] = item.Size, ["bundle"] = JsonNode.Parse(item.Anchor) })]),
            ["next_cursor"] = start + 2 < list.Length ? $"{start + 2}+" : null,
        }.ToJsonString());
    }

    private (int Code, string Output, string Error) Run(string source, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = CommandLine.Run(["anchors", source, "--trust", _trust, .. args], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
