using System.Text;
using System.Text.Json.Nodes;
using Ledger.Testing.Attributes;
using Ledger.Testing.Cosign;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Cli;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Tests.Documents;
using Ledger.Verify.Tests.Verification;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Cli;

/// <summary>A bundle with anchors, as a user meets it.</summary>
public sealed class AnchoredBundleTests : IDisposable
{
    private static readonly VirtualLedger Ours = VirtualLedger.With(5);
    private readonly VirtualLog _v1 = VirtualLog.Rekor1().Fill(2);
    private readonly VirtualLog _v2 = VirtualLog.Rekor2().Fill(2);
    private readonly VirtualTsa _tsa = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-anchored-").FullName;
    private readonly string _bundle, _trust;

    public AnchoredBundleTests()
    {
        var bundle = Ours.BundleOf(0) with
        {
            Anchors = [Ours.AnchorAt(_v1, 5), Ours.AnchorAt(_v2, 5, _tsa)],
            PayloadAnchors = [Ours.PayloadAnchor(_v1, VirtualLedger.Payload)],
        };
        _bundle = Put("b.json", bundle.ToBytes());
        _trust = Put("trust.json", Ours.TrustIn([_v1, _v2], _tsa).ToBytes());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_is_verified_and_nothing_is_warned_of()
    {
        var (code, output, error) = Run(_bundle, "--trust", _trust);
        Assert.Equal((ExitCodes.Satisfied, ""), (code, error));
        Assert.EndsWith(
            """
            anchor-signature pass
            log-inclusion pass
            log-checkpoint-signature pass
            set pass
            timestamp pass
            payload-anchor pass
            verdict verified

            """.ReplaceLineEndings("\n"),
            output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_also_counts_the_witnesses()
    {
        var report = JsonNode.Parse(Run(_bundle, "--trust", _trust, "--json").Output)!;
        Assert.Equal((2, 1, "verified"), (report["anchors"]!.GetValue<int>(), report["timestamps"]!.GetValue<int>(),
            report["verdict"]!.GetValue<string>()));
    }

    [Fact]
    public void A_policy_that_asks_for_more_is_not_satisfied_and_the_reason_is_said()
    {
        var more = Put("more.json", (Ours.TrustIn([_v1, _v2], _tsa) with { Policy = new TrustPolicy(2, 2) }).ToBytes());
        var (code, output, error) = Run(_bundle, "--trust", more);
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.EndsWith("verdict verified-not-anchored\n", output, StringComparison.Ordinal);
        Assert.Equal("NOT ENOUGH: 2 transparency log(s) and 1 timestamp authority(ies) have witnessed this checkpoint; "
            + "the trust file's policy asks for more.\n", error);
    }

    [Fact]
    public void No_option_makes_a_wrong_anchor_pass()
    {
        var wrong = Put("wrong.json", (Ours.BundleOf(0) with { Anchors = [Ours.AnchorAt(_v1, 4)] }).ToBytes());
        var (code, output, _) = Run(wrong, "--trust", _trust, "--allow-unanchored");
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Contains("anchor-signature fail anchor-digest-mismatch\n", output, StringComparison.Ordinal);
        Assert.EndsWith("verdict failed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trust_file_whose_trusted_root_cannot_be_read_is_unreadable()
    {
        var trust = JsonNode.Parse(File.ReadAllBytes(_trust))!;
        trust["trusted_root"]!["tlogs"]![0]!["publicKey"]!["rawBytes"] = "AAAA";
        var (code, _, error) = Run(_bundle, "--trust", Put("broken.json", Encoding.UTF8.GetBytes(trust.ToJsonString())));
        Assert.Equal(ExitCodes.Unreadable, code);
        Assert.Contains("not a trust file: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_shows_the_anchors_and_writes_what_cosign_needs()
    {
        var parts = Path.Combine(_folder, "parts");
        var (code, output, _) = Run("inspect", _bundle, "--trust", _trust, "--out", parts);
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.Contains($"anchors: 2\nanchor: hashedrekord 0.0.1 in log {_v1.Trusted.LogId} at 1002, integrated 2026-11-21T20:56:30Z; 0 timestamps\n"
            + $"anchor: hashedrekord 0.0.2 in log {_v2.Trusted.LogId} at 2; 1 timestamps\npayload_anchors: 1\npayload_anchor: hashedrekord 0.0.1",
            output, StringComparison.Ordinal);

        Assert.Equal(Ours.BodyAt(5), File.ReadAllBytes(Path.Combine(parts, "body.txt")));
        Assert.True(TrustedRoot.TryParse(File.ReadAllBytes(Path.Combine(parts, "trusted_root.json")), out var root, out _));
        Assert.Equal(2, root.Logs.Count);
        foreach (var name in (string[])["anchor-1", "anchor-2"])
        {
            Assert.Equal(Ours.AnchorKey.Pem, File.ReadAllText(Path.Combine(parts, name + ".pub")));
            Assert.True(SigstoreBundle.TryParse(File.ReadAllBytes(Path.Combine(parts, name + ".sigstore.json")), out var anchor, out _));
            Assert.Equal(anchor.Message!.Signature, File.ReadAllBytes(Path.Combine(parts, name + ".sig")));
        }

        Assert.Equal(Ours.PayloadKey.Pem, File.ReadAllText(Path.Combine(parts, "payload-anchor-1.pub")));
        Assert.True(SigstoreBundle.TryParse(File.ReadAllBytes(Path.Combine(parts, "payload-anchor-1.sigstore.json")), out var payload,
            out _));
        Assert.Equal(payload.Message!.Signature, File.ReadAllBytes(Path.Combine(parts, "payload-anchor-1.sig")));
    }

    [Fact]
    public void Inspect_refuses_a_folder_with_files_of_another_bundle()
    {
        var parts = Path.Combine(_folder, "parts");
        for (var i = 0; i < 2; i++) Assert.Equal(ExitCodes.Satisfied, Run("inspect", _bundle, "--trust", _trust, "--out", parts).Code);
        foreach (var name in (string[])["anchor-3.pub", "anchor-10.sigstore.json", "payload-anchor-2.sig"])
        {
            File.WriteAllText(Path.Combine(parts, name), "");
            var (code, _, error) = Run("inspect", _bundle, "--trust", _trust, "--out", parts);
            Assert.Equal(ExitCodes.Unreadable, code);
            Assert.Contains(name, error, StringComparison.Ordinal);
            File.Delete(Path.Combine(parts, name));
        }

        // Without a trust file there would be no key: the one that lies there is another run's.
        Assert.Equal(ExitCodes.Unreadable, Run("inspect", _bundle, "--out", parts).Code);
    }

    [CosignFact]
    public async Task Cosign_accepts_what_inspect_writes_and_refuses_another_body()
    {
        var parts = Path.Combine(_folder, "parts");
        Run("inspect", _bundle, "--trust", _trust, "--out", parts);
        string Part(string name) => Path.Combine(parts, name);
        var (root, body, other) = (Part("trusted_root.json"), Part("body.txt"), Put("other.txt", Ours.BodyAt(4)));
        foreach (var (name, options) in ((string, string[])[])[("anchor-1", []), ("anchor-2", []),
            ("anchor-2", ["--use-signed-timestamps"])])
        {
            var (bundle, key) = (Part(name + ".sigstore.json"), Part(name + ".pub"));
            var answer = await CosignProgram.VerifyBlobAsync(bundle, key, root, body, options);
            Assert.True(answer.Accepted, answer.Output);
            Assert.False((await CosignProgram.VerifyBlobAsync(bundle, key, root, other, options)).Accepted);
        }

        var payload = Put("hello.txt", Encoding.UTF8.GetBytes(VirtualLedger.Payload));
        var hashed = await CosignProgram.VerifyBlobAsync(Part("payload-anchor-1.sigstore.json"), Part("payload-anchor-1.pub"), root,
            payload);
        Assert.True(hashed.Accepted, hashed.Output);
    }

    [CosignFact]
    public async Task Cosign_accepts_the_worked_example_of_the_formats_page()
    {
        var shown = MarkdownExamples.Read(RepositoryFile.Read("docs/formats.md"));
        string Example(string name) => Put(name, Encoding.UTF8.GetBytes(shown[name]));
        var key = Put("anchor.pub", Encoding.ASCII.GetBytes(Verify.Signing.Spki.ToPem(ExampleAnchor.AnchorKey)));
        var answer = await CosignProgram.VerifyBlobAsync(Example("anchor"), key, Example("trusted-root"), Example("checkpoint-body"));
        Assert.True(answer.Accepted, answer.Output);
    }

    [Fact]
    public void Inspect_without_trust_judges_no_anchor_and_has_no_key_to_write()
    {
        var parts = Path.Combine(_folder, "parts");
        var (code, output, error) = Run("inspect", _bundle, "--out", parts);
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.Contains("anchor-signature absent\n", output, StringComparison.Ordinal);
        Assert.Contains("no anchor-1.pub", error, StringComparison.Ordinal);
        Assert.Contains("no payload-anchor-1.pub", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(parts, "anchor-1.pub")));
        Assert.True(File.Exists(Path.Combine(parts, "anchor-1.sig")));
        Assert.False(File.Exists(Path.Combine(parts, "trusted_root.json")));
    }

    private string Put(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = CommandLine.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
