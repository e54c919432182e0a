using System.Globalization;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Doctor;

/// <summary>Whether Vault would sign for this process. Nothing is signed: a token tells what it may do.</summary>
public sealed class VaultCheck(VaultAnswers vault, IOptions<VaultOptions> options, KeyNames names) : IDoctorCheck
{
    /// <summary>A token that ends within this time wants a new one now.</summary>
    public static readonly TimeSpan TokenNotice = TimeSpan.FromDays(7);

    public const string CheckName = "vault";

    public string Name => CheckName;

    private string TokenSetting => options.Value.Caller == VaultCaller.Api ? "Vault:EntryToken" : "Vault:WorkerToken";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        int health;
        try
        {
            health = await vault.HealthAsync(cancel);
        }
        catch (HttpRequestException e)
        {
            return Verdict.Fail($"{vault.Address} does not answer: {e.Message}");
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Verdict.Fail($"{vault.Address} does not answer in time");
        }
        if (health == 503) return Verdict.Fail($"{vault.Address} is sealed: unseal it");
        if (health == 501) return Verdict.Fail($"{vault.Address} is not initialised: a Vault that lost its storage has lost the keys");
        if (health is not (200 or 429 or 472 or 473))
            return Verdict.Fail($"{vault.Address} answers {health} to sys/health: is it a Vault?");

        if (await vault.TokenAsync(cancel) is not { } token)
            return Verdict.Fail($"{TokenSetting} is unknown to {vault.Address}, or has expired: make a new one");
        var found = new List<Verdict>();
        var lacking = await vault.LackingAsync(Wanted(), cancel);
        if (lacking is null) found.Add(Verdict.Warn($"{TokenSetting} may not ask what it may do: give it Vault's policy `default`"));
        else if (lacking.Count > 0) found.Add(Verdict.Fail($"the policy of {TokenSetting} lacks {string.Join(", ", lacking)}"));
        var life = token.Ttl is not { } ttl ? "never expires" : string.Create(CultureInfo.InvariantCulture, $"expires in {Text(ttl)}");
        if (token is { Ttl: { } left, IsPeriodic: false } && left < TokenNotice)
            found.Add(Verdict.Warn($"{TokenSetting} {life}: make a new one, or renew it"));
        return Verdict.Worst(found, $"{vault.Address} is unsealed; {TokenSetting} may do what it must, and {life}");
    }

    private List<(string Path, string Capability)> Wanted()
    {
        List<(string, string)> wanted = [($"sign/{names.Entry}", "update"), ($"keys/{names.Entry}", "read")];
        if (options.Value.Caller == VaultCaller.Api) return wanted;
        var tenant = names.Anchor(TenantId.PlatformAudit);
        return [.. wanted, ($"sign/{names.Checkpoint}", "update"), ($"keys/{names.Checkpoint}", "read"), ($"sign/{tenant}", "update"),
            ($"keys/{tenant}", "create")];
    }

    private static string Text(TimeSpan span) => span.TotalDays >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} days")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min");
}
