using System.CommandLine;
using Ledger.Core.Checkpoints;
using Ledger.Core.People;
using Ledger.Core.Tenancy;
using Ledger.Workers.Operations;

namespace Ledger.Workers.People;

/// <summary><c>people apply [TENANT]</c></summary>
internal static class PeopleCommand
{
    public static Command Create()
    {
        var tenant = new Argument<string?>("TENANT")
        {
            Description = "The tenant's id; all tenants without.", Arity = ArgumentArity.ZeroOrOne,
        };
        var apply = new Command("apply", "Has workers bring Keycloak to what the tables say of everybody, once more: after Keycloak "
            + "came back from a backup, or users were changed by hand. Safe to repeat.") { tenant };
        apply.SetAction((parsed, cancel) => ApplyAsync(parsed.GetValue(tenant), cancel));
        return new Command("people", "People.") { apply };
    }

    private static async Task<int> ApplyAsync(string? name, CancellationToken cancel)
    {
        TenantId only = default;
        if (name is not null && !TenantId.TryParse(name, out only)) throw new LogOpeningException($"'{name}' is not a tenant id.");
        using var host = WorkersHost.ForCommand();
        var people = host.Services.GetRequiredService<PeopleReapplying>();
        var tenants = await people.TenantsAsync(name is null ? null : only, cancel);
        if (name is not null && tenants.Count == 0) throw new LogOpeningException($"There is no tenant '{name}' here.");
        var all = 0;
        foreach (var tenant in tenants)
        {
            var count = await people.EnqueueAsync(tenant, Operator.Name, cancel);
            if (count > 0) Console.WriteLine($"{tenant}: {count}");
            all += count;
        }
        Console.WriteLine($"people to apply: {all}");
        return 0;
    }
}
