using System.CommandLine;
using Ledger.DevHost.OneEmulator;

namespace Ledger.DevHost.Commands;

/// <summary>`emulator NAME [--port N] [--state DIR] [--realms DIR]`.</summary>
internal static class EmulatorCommand
{
    public static Command Make(Func<EmulatorChoice, Task<int>> run)
    {
        var name = new Argument<string>("NAME") { Description = "which one" };
        name.AcceptOnlyFromAmong([.. EmulatorChoice.Names]);
        var port = new Option<int?>("--port")
        {
            HelpName = "N", Description = $"port on 127.0.0.1; without, the variable {EmulatorChoice.PortVariable}, else any free one",
        };
        var state = new Option<string?>("--state")
        {
            HelpName = "DIR", Description = "folder for its keys and what it was told; default .ledger/emulators/NAME",
        };
        var realms = new Option<string?>("--realms")
        {
            HelpName = "DIR",
            Description = "keycloak: folder of realm files (*.json), instead of the ledger's own; their ${VAR} come from the environment",
        };
        var command = new Command("emulator", "One emulator, until it is told to stop by a signal.") { name, port, state, realms };
        command.Validators.Add(result =>
        {
            if (result.GetResult(port) is { } given && !given.Errors.Any() && result.GetValue(port) is < 1 or > 65535)
                result.AddError("--port: a port is 1 to 65535");
            if (result.GetValue(realms) is not { } folder)
                return;
            if (result.GetResult(name) is { } named && !named.Errors.Any() && result.GetValue(name) != "keycloak")
                result.AddError("--realms is for keycloak alone");
            else if (!Directory.Exists(folder))
                result.AddError($"--realms: there is no folder {folder}");
        });
        command.SetAction((parsed, _) => run(new EmulatorChoice(parsed.GetValue(name)!)
        {
            Port = parsed.GetValue(port),
            State = parsed.GetValue(state),
            Realms = parsed.GetValue(realms) is { } folder ? Path.GetFullPath(folder) : null,
        }));
        return command;
    }
}
