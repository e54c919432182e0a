using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Ledger.Core;
using Ledger.Core.Checkpoints;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.ServiceDefaults.Telemetry;
using Npgsql;

namespace Ledger.Workers.Operations;

/// <summary>Runs a command and says in one line why it failed. Exit codes: 0 done, 1 it failed, 2 wrong usage or configuration.</summary>
internal static class CommandLine
{
    private const int Failed = 1;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is null))
        {
            foreach (var problem in parsed.Errors) await Console.Error.WriteLineAsync(problem.Message);
            await Console.Error.WriteLineAsync("Try --help.");
            return ConfigurationFaults.ExitCode;
        }
        if (NameOf(parsed) is "" or RunCommand.Name) return await InvokeAsync(parsed); // its host collects
        using var telemetry = new CommandTelemetry("Ledger.Workers", NameOf(parsed));
        var code = await InvokeAsync(parsed);
        telemetry.End(code);
        return code;
    }

    // Its words, without what was given to it: "tenant add".
    private static string NameOf(ParseResult parsed)
    {
        var words = new List<string>();
        for (var at = parsed.CommandResult; at is { Parent: CommandResult above }; at = above) words.Insert(0, at.Command.Name);
        return string.Join(' ', words);
    }

    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        try
        {
            // A host stops itself on SIGTERM and lets its loops end; nobody else may end the process meanwhile.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null });
        }
        catch (ConfigurationException e)
        {
            foreach (var line in e.Lines) await Console.Error.WriteLineAsync(line);
            return ConfigurationFaults.ExitCode;
        }
        catch (Exception e) when (e is LogOpeningException
            or MigrationException or LedgerProblemException or NpgsqlException or IOException)
        {
            await Console.Error.WriteLineAsync(Reason(e));
            return Failed;
        }
    }

    private static string Reason(Exception e) => e is PostgresException refused ? $"{refused.SqlState}: {refused.MessageText}"
        : e.Message.ReplaceLineEndings(" ");
}

/// <summary>The program cannot start as it is configured; one line per fault.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> lines) : Exception(string.Join("; ", lines))
{
    public IReadOnlyList<string> Lines { get; } = lines;
}
