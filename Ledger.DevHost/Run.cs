using System.Text.Json;
using Ledger.DevHost.Exports;
using Ledger.DevHost.Setup;
using Npgsql;

namespace Ledger.DevHost;

/// <summary>One run: take the state folder, start everything, wait for a signal or a death, stop everything.</summary>
internal static class Run
{
    public const int Failed = 1;

    /// <returns>0 after an orderly stop, <see cref="Failed"/> when something could not be started or died.</returns>
    public static async Task<int> ToEndAsync(
        DevHostOptions options, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        try
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
