using System.CommandLine;
using Ledger.DevHost.OneEmulator;

namespace Ledger.DevHost.Commands;

/// <summary>The stack by its options, and beside it the subcommands `emulator` and `setup`.</summary>
internal static class CommandLine
{
    public const int UsageError = 2;

    /// <summary>Parses, and runs unless help was asked for or something is wrong (exit code 2).</summary>
    public static async Task<int> RunAsync(string[] args, Run run)
    {
        var result = Make(run.StackAsync, run.EmulatorAsync, run.SetupAsync).Parse(args);
        // Signals are ours: children are stopped in order, which takes longer than the library would wait.
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        var code = await result.InvokeAsync(invocation);
        return result.Errors.Count > 0 ? UsageError : code;
    }

    /// <summary>The stack's options of a valid command line, or what is wrong with it.</summary>
    public static (DevHostOptions? Options, IReadOnlyList<string> Errors) Parse(params string[] args)
    {
        var result = Make(Nothing, Nothing, Nothing).Parse(args);
        return result.Errors.Count > 0 ? (null, [.. result.Errors.Select(static e => e.Message)]) : (StackCommand.Options(result), []);
    }

    private static RootCommand Make(
        Func<DevHostOptions, Task<int>> stack, Func<EmulatorChoice, Task<int>> emulator, Func<string, Task<int>> setup)
    {
        var root = StackCommand.Make(stack);
        root.Add(EmulatorCommand.Make(emulator));
        root.Add(SetupCommand.Make(setup));
        return root;
    }

    private static Task<int> Nothing<T>(T options) => Task.FromResult(0);
}
