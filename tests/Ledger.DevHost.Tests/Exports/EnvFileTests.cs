using Ledger.DevHost.Exports;
using Ledger.DevHost.Processes;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Exports;

public sealed class EnvFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ProgramFact("sh")]
    public async Task A_shell_that_sources_it_has_every_value_to_the_letter()
    {
        const string hard = "it's \"$HOME\" `id` \\ ; #x";
        Variable[] variables = [new("PLAIN", "http://localhost:8088", ""), new("HARD", hard, ""), new("Nested__0__Name", "", "")];
        EnvFile.Write(_folder["env"], variables);

        const string script = """. "$1"; printf '%s\n' "$PLAIN" "$HARD" "<$Nested__0__Name>" """;
        var output = await ChildProcess.RunAsync(new("sh", "sh", "-eu", "-c", script, "sh", _folder["env"]), CancellationToken.None);

        Assert.Equal(["http://localhost:8088", hard, "<>"], output.Split('\n'));
    }

    [Fact]
    public void It_starts_with_a_comment_per_variable()
    {
        var lines = EnvFile.Format([new("A", "1", "the first"), new("LONGER", "2", "the second")]).Split('\n');

        Assert.All(lines.TakeWhile(line => line.Length > 0), line => Assert.StartsWith("#", line, StringComparison.Ordinal));
        Assert.Contains("# A       the first", lines);
        Assert.Contains("# LONGER  the second", lines);
        Assert.Equal(["export A='1'", "export LONGER='2'", ""], lines[^3..]);
    }

    [Fact]
    public void Only_its_owner_reads_it()
    {
        EnvFile.Write(_folder["env"], [new("A", "1", "one")]);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["env"]));
    }
}
