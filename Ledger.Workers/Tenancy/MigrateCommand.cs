using System.CommandLine;
using Ledger.Core;
using Ledger.Core.Tenancy;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Tenancy;

/// <summary><c>migrate</c>: needs the owner's connection string and nothing else.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Creates the schema and its roles, or brings them up to date. Safe to repeat.");
        command.SetAction((_, cancel) => RunAsync(cancel));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancel)
    {
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables();
        try { configuration.AddLedgerAliases(); }
        catch (FormatException e) { throw new ConfigurationException([e.Message]); }
        if (configuration.GetConnectionString("ledger") is not { Length: > 0 } connection)
            throw new ConfigurationException(["ConnectionStrings:ledger is not set (alias CRDB_DSN): the owner's login."]);

        var ran = await Migrator.MigrateAsync(connection, cancel);
        foreach (var name in ran) Console.WriteLine($"applied {name}");
        Console.WriteLine(ran.Count == 0 ? "the schema is up to date" : $"{ran.Count} migrations applied");
        return 0;
    }
}
