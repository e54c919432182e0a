using System.CommandLine;
using Ledger.Core.Jobs;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Jobs;

/// <summary><c>replay-dead-letters</c></summary>
internal static class ReplayDeadLettersCommand
{
    public static Command Create()
    {
        var command = new Command("replay-dead-letters",
            $"Tries jobs that gave up once more, at most {DeadLetters.ReplaysPerCall}, the oldest first, where their policy and their log "
            + "allow it. The API's POST /admin/api/v1/dead-letters/replay does the same and can name a queue or a log.");
        command.SetAction((_, cancel) => ReplayAsync(cancel));
        return command;
    }

    private static async Task<int> ReplayAsync(CancellationToken cancel)
    {
        using var host = WorkersHost.ForCommand();
        var done = await host.Services.GetRequiredService<DeadLetters>().ReplayAllAsync(null, null, Operator.Name, cancel);
        Console.WriteLine($"dead letters replayed: {done.Replayed}, left: {done.Left}");
        return 0;
    }
}
