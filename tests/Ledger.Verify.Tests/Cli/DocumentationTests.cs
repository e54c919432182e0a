using System.Text;
using System.Text.RegularExpressions;
using Ledger.Verify.Cli;
using Ledger.Verify.Tests.Documents;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Cli;

/// <summary>docs/verify.md says what the program does.</summary>
public sealed class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFile.Path("docs/verify.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Every_failure_code_is_in_the_table_and_no_other()
    {
        var table = Page[Page.IndexOf("## Failure codes", StringComparison.Ordinal)..];
        var documented = Regex.Matches(table, @"^\| `([a-z0-9-]+)` \| \S", RegexOptions.Multiline)
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
    public void The_example_is_what_the_program_prints()
    {
        var folder = Directory.CreateTempSubdirectory("ledger-docs-");
        try
        {
            var ledger = VirtualLedger.With(3);
            string Put(string name, byte[] content)
            {
                var path = Path.Combine(folder.FullName, name);
                File.WriteAllBytes(path, content);
                return path;
            }

            using var output = new StringWriter { NewLine = "\n" };
            using var error = new StringWriter { NewLine = "\n" };
            string[] args =
            [
                Put("b.json", ledger.BundleOf(0).ToBytes()), "--artifact", Put("hello.txt", Encoding.UTF8.GetBytes(VirtualLedger.Payload)),
                "--trust", Put("trust.json", ledger.Trust().ToBytes()), "--allow-unanchored",
            ];
            Assert.Equal(ExitCodes.Satisfied, CommandLine.Run(args, output, error));
            Assert.Contains($"--allow-unanchored\n{output}```", Page, StringComparison.Ordinal);
            Assert.Contains($"```\n{error}```", Page, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
