using System.CommandLine;
using Ledger.Core.Anchoring;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Anchoring;

/// <summary><c>lift-quarantine LOG_ID</c></summary>
internal static class LiftQuarantineCommand
{
    public static Command Create()
    {
        var log = new Argument<string>("LOG_ID") { Description = "The transparency log's id, 64 hex digits." };
        var command = new Command("lift-quarantine",
            "Anchors again to a log that showed two histories, and takes it as it shows itself next. Read the reason first: it is printed, "
            + "and docs/runbooks/log-quarantined.md says what to do with it.")
        {
            log,
        };
        command.SetAction((parsed, cancel) => LiftAsync(parsed.GetRequiredValue(log), cancel));
        return command;
    }

    private static async Task<int> LiftAsync(string log, CancellationToken cancel)
    {
        using var host = WorkersHost.ForCommand();
        var reason = await host.Services.GetRequiredService<LogQuarantine>().LiftAsync(log, Operator.Name, cancel);
        Console.WriteLine(reason is null ? "no such log is quarantined" : $"lifted; it was: {reason.TrimEnd()}");
        return 0;
    }
}
