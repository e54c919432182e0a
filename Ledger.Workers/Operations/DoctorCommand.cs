using System.CommandLine;
using Ledger.Core.Doctor;

namespace Ledger.Workers.Operations;

/// <summary><c>doctor</c>: whether everything that the ledger needs works, one line for each; it changes nothing.</summary>
internal static class DoctorCommand
{
    private const int Unwell = 1;

    public static Command Create()
    {
        var command = new Command("doctor",
            "Looks at everything that the ledger depends on, one line each. Exit 0: nothing failed; 1: the last line names what did; "
                + "2: the configuration is at fault.");
        command.SetAction(async (_, cancel) =>
        {
            using var host = WorkersHost.ForDoctor();
            return await RunAsync(host.Services.GetRequiredService<Examination>(), Console.Out, cancel);
        });
        return command;
    }

    /// <returns>0, or 1 when a check failed.</returns>
    public static async Task<int> RunAsync(Examination examination, TextWriter output, CancellationToken cancel)
    {
        var report = await examination.RunAsync(cancel);
        foreach (var line in report.Lines()) await output.WriteLineAsync(line);
        return report.IsHealthy ? 0 : Unwell;
    }
}
