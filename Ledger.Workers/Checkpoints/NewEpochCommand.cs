using System.CommandLine;
using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Checkpoints;

/// <summary><c>new-epoch TENANT --reason TEXT [--force]</c></summary>
internal static class NewEpochCommand
{
    public static Command Create()
    {
        var tenant = new Argument<string>("TENANT") { Description = "The tenant's id; platform-audit too." };
        var reason = new Option<string>("--reason")
        {
            Description = "Why, in your words: it is kept in the new epoch's first entry and in the audit trail.",
            Required = true,
        };
        reason.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is not { Length: > 0 and <= EpochOpening.ReasonCharacters })
                given.AddError($"--reason takes 1 to {EpochOpening.ReasonCharacters} characters.");
        });
        var force = new Option<bool>("--force") { Description = "Also where the log is sound." };
        var command = new Command("new-epoch",
            "Opens a tenant's next epoch: what goes on after a database came back without what it had shown. Its log begins anew, with "
            + "keys of its own and with the newest checkpoint of the old one; docs/runbooks/log-rolled-back.md says when.")
        {
            tenant, reason, force,
        };
        command.SetAction((parsed, cancel) => OpenAsync(parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(reason),
            parsed.GetValue(force), cancel));
        return command;
    }

    private static async Task<int> OpenAsync(string name, string reason, bool force, CancellationToken cancel)
    {
        if (!TenantId.TryParse(name, out var tenant)) throw new LogOpeningException($"'{name}' is not a tenant id.");
        using var host = WorkersHost.ForCommand();
        var opened = await host.Services.GetRequiredService<EpochOpening>().OpenAsync(tenant, reason, force, Operator.Name, cancel);
        Console.WriteLine($"{tenant}: epoch {opened.Epoch} is open: {opened.Origin}");
        Console.WriteLine($"its entry 0 is {opened.EntryId}; it carries this checkpoint of the epoch before:");
        Console.WriteLine(opened.PreviousCheckpoint.TrimEnd());
        Console.WriteLine($"verifiers have to pin the new trust file: GET /log/{tenant}/keys");
        return 0;
    }
}
