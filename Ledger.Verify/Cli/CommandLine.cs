using System.CommandLine;
using System.CommandLine.Invocation;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Cli;

/// <summary>The <c>ledger-verify</c> program: parses the command line,
/// runs one command, answers with one of <see cref="ExitCodes"/>.</summary>
public static class CommandLine
{
    // A file name that begins with @ is a file name: no argument is ever replaced by a file's content.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the program as <c>Main</c> does.</summary>
    /// <param name="args">The arguments after the program's name.</param>
    /// <param name="output">Receives the report.</param>
    /// <param name="error">Receives warnings and the one line that says why something is unreadable.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        var parsed = Root(new Terminal(output, error), args).Parse(args, Configuration);
        if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is null))
        {
            foreach (var problem in parsed.Errors) error.WriteLine(problem.Message);
            error.WriteLine("Try 'ledger-verify --help'.");
            return ExitCodes.Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (UsageException usage)
        {
            error.WriteLine(usage.Message);
            return ExitCodes.Usage;
        }
        catch (UnreadableException unreadable)
        {
            error.WriteLine(unreadable.Message);
            return ExitCodes.Unreadable;
        }
        catch (IOException e)
        {
            // Standard output is full or closed: a report without its last line must not end like a whole one.
            error.WriteLine($"cannot write the report: {e.Message}");
            return ExitCodes.Unreadable;
        }
        catch (Ed25519Unavailable missing)
        {
            error.WriteLine(missing.Message);
            return ExitCodes.Unreadable;
        }
    }

    private static RootCommand Root(Terminal terminal, string[] args)
    {
        var root = new RootCommand(
            """
            Verifies what a ledger handed out: offline, without trusting or reaching the operator.

            Prints one line per check (pass, fail <code>, absent), then the verdict: verified, verified-not-anchored or failed.
            Exit codes: 0 the trust policy is satisfied; 1 it is not, or a check failed; 2 wrong usage; 3 a file is unreadable.
            No command uses the network, except 'fsck URL', 'anchors URL' and 'anchors --rekor URL', which say so.
            """);
        root.Add(ReceiptCommand.Create(terminal));
        root.Add(FsckCommand.Create(terminal));
        root.Add(AnchorsCommand.Create(terminal));
        root.Add(InspectCommand.Create(terminal));
        root.Add(SigstoreCommand.Create(terminal));
        // The root's own FILE would show in the usage of every command.
        var isCommand = args.Length > 0 && root.Subcommands.Any(command => command.Name == args[0]);
        BundleCommand.Describe(root, terminal, hideFile: isCommand);
        return root;
    }
}
