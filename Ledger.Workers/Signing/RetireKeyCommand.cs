using System.CommandLine;
using Ledger.Core.Checkpoints;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Signing;

/// <summary><c>retire-key KEY_ID [--tenant T]</c></summary>
internal static class RetireKeyCommand
{
    public static Command Create()
    {
        var key = new Argument<string>("KEY_ID") { Description = "As entries and trust files show it, e.g. SHA256:…" };
        var tenant = new Option<string?>("--tenant") { Description = "Only in this tenant's logs; else in all." };
        var command = new Command("retire-key",
            "Ends a key's validity at what it has signed so far. Rotate it in Vault first: nothing signed with it is stored from then on.")
        {
            key, tenant,
        };
        command.SetAction((parsed, cancel) => RetireAsync(parsed.GetRequiredValue(key), parsed.GetValue(tenant), cancel));
        return command;
    }

    private static async Task<int> RetireAsync(string keyId, string? name, CancellationToken cancel)
    {
        TenantId? only = null;
        if (name is not null) only = TenantId.TryParse(name, out var tenant) ? tenant
            : throw new LogOpeningException($"'{name}' is not a tenant id.");
        using var host = WorkersHost.ForCommand();
        var retired = await host.Services.GetRequiredService<KeyRetirement>().RetireAsync(keyId, only, Operator.Name, cancel);
        foreach (var range in retired)
            Console.WriteLine($"{range.Tenant}/{range.Epoch}: {range.Purpose.SqlName()} key valid up to {range.To}");
        if (retired.Count == 0) Console.WriteLine("no log has an open range of that key");
        return 0;
    }
}
