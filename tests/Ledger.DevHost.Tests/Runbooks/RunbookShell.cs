using System.Diagnostics;
using Ledger.Testing;
using Ledger.Testing.Processes;

namespace Ledger.DevHost.Tests.Runbooks;

/// <summary>A shell as the runbooks' reader has it: at the repository's root, with the DevHost's env sourced.</summary>
/// <param name="env">The env file.</param>
internal sealed class RunbookShell(string env)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // What `dotnet run --no-build --project NAME --` starts, without asking MSBuild each time what that is.
    private static readonly string Built = $$"""
        dotnet() {
            if [ "$1 ${2:-} ${3:-}" != "run --no-build --project" ]; then command dotnet "$@"; return; fi
            local program
            case "$4" in
                Ledger.Workers) program="{{BuiltProgram.Workers}}" ;;
                Ledger.Verify) program="{{BuiltProgram.Verify}}" ;;
                *) echo "no program $4" >&2; return 2 ;;
            esac
            [ "$5" = -- ] && shift 5
            command dotnet "$program" "$@"
        }
        """;

    /// <summary>Runs a step and compares what it prints with what the page shows.</summary>
    public async Task RunAsync(RunbookStep step)
    {
        var (code, output, errors) = await ExecuteAsync(step);
        Assert.True(code == 0, $"{step.Section}: exit code {code}\n{step.Command}\n{output}{errors}");
        Assert.True(step.Missing(output) is null,
            $"{step.Section}: the answer lacks {step.Missing(output)}\n{step.Command}\n{output}{errors}");
    }

    private async Task<(int Code, string Output, string Errors)> ExecuteAsync(RunbookStep step)
    {
        var script = step.Language == "sql" ? "psql \"$LEDGER_PG\" -X -v ON_ERROR_STOP=1 -P pager=off -f -" : step.Command;
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", $". \"{env}\"\n{Built}\n{script}"])
        {
            WorkingDirectory = RepositoryPath.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        if (step.Language == "sql") await shell.StandardInput.WriteAsync(step.Command);
        shell.StandardInput.Close();
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await shell.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
            Assert.Fail($"{step.Section}: no end after {Patience}:\n{step.Command}\n{await output}{await errors}");
        }
        return (shell.ExitCode, await output, await errors);
    }
}
