using Ledger.DevHost.Processes;
using Ledger.DevHost.Setup;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Processes;

public sealed class WatchTests
{
    [ProgramFact("sh", "sleep")]
    public async Task A_child_that_dies_is_named_with_its_exit_code_and_last_words()
    {
        await using var healthy = await ChildProcess.StartAsync(new("the workers", "sleep", "600"));
        await using var dying = await ChildProcess.StartAsync(new("the API", "sh", "-c", "echo no database >&2; exit 3"));

        var failed = await Assert.ThrowsAsync<SetupFailed>(() => Watch.UntilOneEndsAsync([healthy, dying], CancellationToken.None));

        Assert.Contains("the API", failed.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", failed.Message, StringComparison.Ordinal);
        Assert.EndsWith("no database", failed.Message, StringComparison.Ordinal);
    }

    [ProgramFact("sleep")]
    public async Task Being_asked_to_stop_is_no_error_of_a_child()
    {
        await using var healthy = await ChildProcess.StartAsync(new("the API", "sleep", "600"));
        using var stop = new CancellationTokenSource();
        var watching = Watch.UntilOneEndsAsync([healthy], stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [ProgramFact("sh")]
    public async Task A_child_that_ignores_the_polite_signal_is_killed()
    {
        const string script = "trap '' TERM; echo ready; while :; do sleep 1; done";
        await using var stubborn = await ChildProcess.StartAsync(new("stubborn", "sh", "-c", script));
        await stubborn.WaitForLineAsync(static line => line == "ready", CancellationToken.None);

        await stubborn.StopAsync(Signal.Terminate, TimeSpan.FromMilliseconds(200));

        Assert.Equal(128 + 9, await stubborn.Exited);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said()
    {
        // Started by setpriv where that is: then the start succeeds and setpriv says what is wrong.
        var nowhere = new ProcessSpec("the API", "/nowhere/at/all");
        var failed = await Assert.ThrowsAsync<SetupFailed>(() => ChildProcess.RunAsync(nowhere, CancellationToken.None));

        Assert.Contains("the API", failed.Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere/at/all", failed.Message, StringComparison.Ordinal);
    }
}
