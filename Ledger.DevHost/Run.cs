using System.Text.Json;
using Ledger.DevHost.Exports;
using Ledger.DevHost.OneEmulator;
using Ledger.DevHost.Setup;
using Npgsql;

namespace Ledger.DevHost;

/// <summary>What the command line asked for, to its end. Exit code 0 after an orderly stop, or a set-up that is done;
/// <see cref="Failed"/> when something could not be started or died.</summary>
internal sealed class Run(TimeProvider time, TextWriter output, TextWriter errors, CancellationToken stop)
{
    public const int Failed = 1;

    /// <summary>Take the state folder, start everything, wait for a signal or a death, stop everything.</summary>
    public Task<int> StackAsync(DevHostOptions options) => ToEndAsync(async () =>
    {
        using var state = StateFolder.Open(options.State);
        await using var stack = new Stack(options, state, time, output);
        try
        {
            var variables = await stack.StartAsync(stop);
            EnvFile.Write(state.Env, variables);
            Greeting.Write(output, stack, state);
            await stack.WatchAsync(stop);
        }
        finally
        {
            File.Delete(state.Env);
        }
    });

    /// <summary>One emulator, until a signal.</summary>
    public Task<int> EmulatorAsync(EmulatorChoice choice) => ToEndAsync(async () =>
    {
        await using var emulator = await StartedEmulator.StartAsync(choice, Environment.GetEnvironmentVariable, time, stop);
        await output.WriteLineAsync($"{choice.Name} listens on {emulator.Address}");
        await Task.Delay(Timeout.InfiniteTimeSpan, stop);
    });

    /// <summary>One set-up.</summary>
    public Task<int> SetupAsync(string name) => ToEndAsync(() =>
        new OneSetup(Environment.GetEnvironmentVariable, new Patience(time), output).RunAsync(name, stop));

    private async Task<int> ToEndAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (SetupFailed e)
        {
            await errors.WriteLineAsync(e.Message);
            return Failed;
        }
        catch (NpgsqlException e)
        {
            await errors.WriteLineAsync($"PostgreSQL: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await output.WriteLineAsync("Stopped.");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or HttpRequestException
            or JsonException or OperationCanceledException)
        {
            // A full disk, a state file that somebody edited, a server that answers something else: said in one line, not as a stack trace.
            await errors.WriteLineAsync(e.Message);
            return Failed;
        }
        return 0;
    }
}
