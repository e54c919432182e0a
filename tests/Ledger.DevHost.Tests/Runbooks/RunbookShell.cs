using System.Diagnostics;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Runbooks;

/// <summary>A shell as the runbooks' reader has it: at the repository's root, with the DevHost's env sourced.</summary>
/// <param name="env">The env file.</param>
internal sealed class RunbookShell(string env)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

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
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", $". \"{env}\"\n{script}"])
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
