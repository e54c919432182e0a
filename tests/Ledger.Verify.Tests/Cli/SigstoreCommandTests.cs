using System.Text;
using Ledger.Testing;
using Ledger.Verify.Cli;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Tests.Documents;

namespace Ledger.Verify.Tests.Cli;

/// <summary>`ledger-verify sigstore`: arguments in; exit code and lines out.</summary>
public sealed class SigstoreCommandTests : IDisposable
{
    private static readonly JudgedBundle Anchor = Golden.Named("v2 hashedrekord-ecdsa");
    private readonly TempFolder _folder = new();
    private readonly string _bundle, _key, _root, _artifact, _other;

    public SigstoreCommandTests()
    {
        _bundle = Put("anchor.sigstore.json", Anchor.Bundle);
        _key = Put("anchor.pub", Encoding.ASCII.GetBytes(Anchor.Pem));
        _root = Put("trusted_root.json", Anchor.Root);
        _artifact = Put("body.txt", Anchor.Artifact);
        _other = Put("other.txt", "other"u8.ToArray());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_examples_on_the_page_are_what_the_program_prints()
    {
        var page = RepositoryFile.Read("docs/verify.md").ReplaceLineEndings("\n");
        foreach (var (artifact, code) in new[] { (_artifact, ExitCodes.Satisfied), (_other, ExitCodes.NotSatisfied) })
        {
            var (answered, output, error) = Run(_bundle, "--artifact", artifact, "--key", _key, "--trusted-root", _root);
            Assert.Equal((code, ""), (answered, error));
            var line = $"$ ledger-verify sigstore anchor.sigstore.json --artifact {Path.GetFileName(artifact)} --key anchor.pub "
                + "--trusted-root trusted_root.json\n";
            Assert.Contains($"```\n{line}{output}```", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Json_says_the_same_in_one_object()
    {
        var (code, output, _) = Run(
            _bundle, "--artifact", _artifact, "--key", _key, "--trusted-root", _root, "--json", "--use-signed-timestamps");
        Assert.Equal(ExitCodes.Satisfied, code);
        const string start = """{"checks":[{"check":"payload-digest","outcome":"pass"},{"check":"signature","outcome":"pass"},""";
        Assert.StartsWith(start, output, StringComparison.Ordinal);
        Assert.EndsWith("\"verdict\":\"verified\"}\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_there_and_does_not_count_is_said_on_a_line()
    {
        var bundle = Anchor.Parse();
        var stamped = Put("stamped.json", (bundle with { Timestamps = [new VirtualTsa().Stamp(bundle.Message!.Signature)] }).ToBytes());
        var (code, output, _) = Run(stamped, "--artifact", _artifact, "--key", _key, "--trusted-root", _root);
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.EndsWith("timestamp absent\ntimestamp: timestamp-authority-unknown\nverdict verified\n", output, StringComparison.Ordinal);
        (code, output, _) = Run(stamped, "--artifact", _artifact, "--key", _key, "--trusted-root", _root, "--use-signed-timestamps");
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.EndsWith("timestamp fail timestamp-authority-unknown\nverdict failed\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--artifact")]
    [InlineData("--key")]
    [InlineData("--trusted-root")]
    public void A_missing_file_name_is_wrong_usage(string option)
    {
        string[] all = ["--artifact", _artifact, "--key", _key, "--trusted-root", _root];
        var without = Array.IndexOf(all, option);
        var (code, output, error) = Run([_bundle, .. all[..without], .. all[(without + 2)..]]);
        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith($"{option} is required: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_file_is_named_with_the_reason()
    {
        var broken = Put("broken", "{}"u8.ToArray());
        var rsa = Put("rsa.pub", Golden.File("rekor-v2/keys/rsa-2048.pub.pem"));
        foreach (var (bundle, artifact, key, root, reason) in new[]
        {
            (broken, _artifact, _key, _root, "not a Sigstore bundle of a plain key: sigstore-bundle-version-unknown"),
            (_bundle, _folder["none"], _key, _root, "cannot be read"),
            (_bundle, _artifact, broken, _root, "not a PEM public key"),
            (_bundle, _artifact, rsa, _root, "key-unsupported"),
            (_bundle, _artifact, _key, broken, "not a trusted root: trusted-root-malformed"),
        })
        {
            var (code, output, error) = Run(bundle, "--artifact", artifact, "--key", key, "--trusted-root", root);
            Assert.Equal((ExitCodes.Unreadable, ""), (code, output));
            Assert.Contains(reason, error, StringComparison.Ordinal);
        }
    }

    private string Put(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name], content);
        return _folder[name];
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = CommandLine.Run(["sigstore", .. args], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
