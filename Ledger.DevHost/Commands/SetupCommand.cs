using System.CommandLine;

namespace Ledger.DevHost.Commands;

/// <summary>`setup database|vault|storage`: everything else comes from the environment.</summary>
internal static class SetupCommand
{
    public static readonly IReadOnlyList<string> Names = ["database", "vault", "storage"];

    public static Command Make(Func<string, Task<int>> run)
    {
        var name = new Argument<string>("NAME") { Description = "what" };
        name.AcceptOnlyFromAmong([.. Names]);
        var command = new Command("setup",
            "Sets up a server of a development stack for the ledger, by the environment; once or again. docs/devhost.md has the variables.")
        {
            name,
        };
        command.SetAction((parsed, _) => run(parsed.GetValue(name)!));
        return command;
    }
}
