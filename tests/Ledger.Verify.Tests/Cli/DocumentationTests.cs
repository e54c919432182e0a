using System.Text;
using System.Text.RegularExpressions;
using Ledger.Verify.Cli;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Tests.Documents;
using Ledger.Verify.Tests.Verification;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Cli;

/// <summary>docs/verify.md and docs/codes.md say what the program does.</summary>
public sealed class DocumentationTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(RepositoryFile.Path("docs/verify.md")).ReplaceLineEndings("\n");

    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-docs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_failure_code_is_in_the_table_and_no_other()
    {
        var documented = Regex.Matches(RepositoryFile.Read("docs/codes.md").ReplaceLineEndings("\n"), @"^\| `([a-z0-9-]+)` \| \S",
                RegexOptions.Multiline)
            .Select(row => row.Groups[1].Value).ToArray();
        Assert.Equal(Enum.GetValues<FailureCode>().Select(code => code.Text()).Order(StringComparer.Ordinal),
            documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_check_is_in_a_table_and_no_other()
    {
        var tables = Page[Page.IndexOf("## Checks", StringComparison.Ordinal)..Page.IndexOf("## Failure codes", StringComparison.Ordinal)];
        var documented = Regex.Matches(tables, @"^\| `([a-z-]+)` \| \S", RegexOptions.Multiline).Select(row => row.Groups[1].Value);
        var names = typeof(CheckNames).GetFields().Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(names.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_verdict_is_in_the_table()
    {
        foreach (var verdict in Enum.GetValues<Verdict>()) Assert.Contains($"| `{verdict.Spelled()}` |", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_examples_of_a_bundle_are_what_the_program_prints()
    {
        var (log, tsa) = (VirtualLog.Rekor2(), new VirtualTsa());
        var ledger = VirtualLedger.With(3);
        var artifact = Put("hello.txt", Encoding.UTF8.GetBytes(VirtualLedger.Payload));
        var trust = Put("trust.json", ledger.TrustIn([log], tsa).ToBytes());
        var (code, output, error) = Run(
            Put("b.json", ledger.BundleOf(0).ToBytes()), "--artifact", artifact, "--trust", trust, "--allow-unanchored");
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.Contains($"--allow-unanchored\n{output}```", Page, StringComparison.Ordinal);
        Assert.Contains($"```\n{error}```", Page, StringComparison.Ordinal);

        var anchored = ledger.BundleOf(0) with { Anchors = [ledger.AnchorAt(log, 3, tsa)] };
        (code, output, _) = Run(Put("b.json", anchored.ToBytes()), "--artifact", artifact, "--trust", trust);
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.Contains($"--trust trust.json\n{output}```", Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_example_of_a_sweep_is_what_the_program_prints()
    {
        var log = VirtualLog.Rekor2("rekor.example").Fill(1);
        foreach (var size in (int[])[6, 12]) VirtualLedger.With(12).AnchorAt(log, size);
        var rewritten = VirtualLedger.With(4);
        for (var i = 4; i < 12; i++) rewritten.Append("user-action", "something else");
        var export = rewritten.Export(6);
        foreach (var size in (int[])[6, 12]) export.PutAnchor(size, rewritten.AnchorAt(log, size));
        foreach (var (path, content) in export) Put("export/" + path, content);

        await using var rekor = RekorSite.OfVersion2(log);
        var (code, output, _) = await Task.Run(() => Run("anchors", Path.Combine(_folder, "export"), "--trust",
            Put("trust.json", rewritten.TrustIn([log]).ToBytes()), "--rekor", rekor.Address, "--rekor-version", "2"));
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Contains($"--rekor-version 2\n{output.Replace(rekor.Address, "https://rekor.example")}```", Page, StringComparison.Ordinal);
    }

    private string Put(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
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
