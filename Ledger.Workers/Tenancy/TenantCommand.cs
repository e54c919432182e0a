using System.CommandLine;
using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Tenancy;

/// <summary><c>tenant add NAME [--public]</c></summary>
internal static class TenantCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME")
        {
            Description = "The tenant's id: [a-z0-9][a-z0-9-]{0,53}; platform-* and receipts-* are reserved.",
        };
        var isPublic = new Option<bool>("--public") { Description = "Lets everybody read its log under /log/NAME." };
        var add = new Command("add", "Makes a tenant: its keys in Vault, its high-water mark, its rows. Safe to repeat.") { name,
            isPublic };
        add.SetAction((parsed, cancel) => AddAsync(parsed.GetRequiredValue(name), parsed.GetValue(isPublic), cancel));
        return new Command("tenant", "Tenants.") { add };
    }

    private static async Task<int> AddAsync(string name, bool isPublic, CancellationToken cancel)
    {
        if (!TenantId.TryParse(name, out var tenant))
            throw new LogOpeningException($"'{name}' is not a tenant id: [a-z0-9][a-z0-9-]{{0,53}}.");
        using var host = WorkersHost.ForCommand();
        var made = await host.Services.GetRequiredService<LogOpening>().OpenAsync(tenant, isPublic, Operator.Name, cancel);
        Console.WriteLine(made ? $"tenant {tenant} added" : $"tenant {tenant} is there already");
        return 0;
    }
}
