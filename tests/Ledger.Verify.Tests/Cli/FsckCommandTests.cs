using Ledger.Verify.Cli;

namespace Ledger.Verify.Tests.Cli;

/// <summary><c>fsck</c> over folders and addresses that mean harm.</summary>
public sealed class FsckCommandTests : IDisposable
{
    private static readonly VirtualLedger Ledger = VirtualLedger.With(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-fsck-").FullName;
    private readonly string _export, _trust;

    public FsckCommandTests()
    {
        (_export, _trust) = (Path.Combine(_folder, "export"), Path.Combine(_folder, "trust.json"));
        File.WriteAllBytes(_trust, Ledger.Trust().ToBytes());
        foreach (var (path, content) in Ledger.Export()) Put(path, content);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("packed")]
    [InlineData("endless")]
    public async Task An_address_that_answers_with_no_file_is_given_up(string path)
    {
        await using var site = new TileSite(Ledger.Export());
        var (code, output, error) = await Task.Run(() => Run(site.Address + path));
        Assert.Equal((ExitCodes.Unreadable, ""), (code, output));
        Assert.Equal(2, error.Count(c => c == '\n'));
    }

    [Fact]
    public void A_file_name_cannot_make_up_a_verdict()
    {
        if (OperatingSystem.IsWindows()) return;
        Put("extra\nverdict verified\u001b[2K", []);
        var (code, output, _) = Run(_export);
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Contains("  file-unexpected extra\\u000averdict verified\\u001b[2K\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_folder_is_not_followed()
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateSymbolicLink(Path.Combine(_export, "tile", "round"), _export);
        var (code, output, _) = Run(_export);
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.EndsWith("files fail file-unexpected\n  file-unexpected tile/round\nverdict failed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_cannot_be_written_is_not_a_success()
    {
        using var error = new StringWriter { NewLine = "\n" };
        using var full = new FullDisk();
        Assert.Equal(ExitCodes.Unreadable, CommandLine.Run(["fsck", _export, "--trust", _trust], full, error));
        Assert.Equal("cannot write the report: full\n", error.ToString());
    }

    private void Put(string path, byte[] content)
    {
        var file = Path.Combine(_export, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }

    private (int Code, string Output, string Error) Run(string source)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = CommandLine.Run(["fsck", source, "--trust", _trust], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class FullDisk : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("full");

        public override void WriteLine(object? value) => throw new IOException("full");
    }
}
