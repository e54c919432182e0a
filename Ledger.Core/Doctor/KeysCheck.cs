using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Doctor;

/// <summary>Whether Vault's keys are the ones that the ledger signed with so far, and whether the newest may still sign. Of tenants' keys a
/// sample is looked at, and only by the workers: the API's token sees the entry key alone.</summary>
public sealed class KeysCheck(DoctorDatabase database, VaultTransit vault, KeyNames names, IOptions<VaultOptions> options) : IDoctorCheck
{
    /// <summary>Tenants whose keys are looked at.</summary>
    public const int Sample = 20;

    public string Name => "keys";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var isApi = options.Value.Caller == VaultCaller.Api;
        var found = new List<Verdict>();
        var looked = 1;
        await CompareAsync(names.Entry, null, found, cancel);
        if (!isApi)
        {
            await CompareAsync(names.Checkpoint, null, found, cancel);
            looked++;
        }
        foreach (var tenant in await SampleAsync(cancel))
        {
            if (await RetiredAsync(tenant, cancel) is { } retired) found.Add(retired);
            if (isApi) continue;
            foreach (var name in new[] { names.Anchor(tenant), names.Payload(tenant) })
                if (await CompareAsync(name, tenant, found, cancel)) looked++;
        }
        return Verdict.Worst(found, $"{looked} keys are in Vault as they were signed with");
    }

    /// <returns>False where the ledger has never met the key, which is well for a tenant's: the first use makes it.</returns>
    private async Task<bool> CompareAsync(string name, TenantId? tenant, List<Verdict> found, CancellationToken cancel)
    {
        var stored = await database.ReadAsync(tenant ?? TenantId.PlatformAudit,
            transaction => SigningKeyStore.FindAsync(transaction, tenant, name, cancel), cancel);
        if (stored.Count == 0 && tenant is not null) return false;
        IReadOnlyDictionary<int, byte[]>? shown;
        try
        {
            shown = await vault.ReadKeyAsync(name, cancel);
        }
        catch (LedgerProblemException e)
        {
            throw new PrerequisiteException(VaultCheck.CheckName,
                $"Vault does not show {name}: {e.InnerException?.Message ?? e.Message}", e);
        }
        if (Judge(name, stored, shown) is { } verdict) found.Add(verdict);
        return true;
    }

    /// <summary>Null where all is well. Versions that only Vault has were never signed with.</summary>
    /// <param name="stored">Those of signing_keys, by version.</param>
    /// <param name="shown">DER SubjectPublicKeyInfo by version; null where Vault has no such key.</param>
    internal static Verdict? Judge(string name, IReadOnlyDictionary<int, SigningKey> stored, IReadOnlyDictionary<int, byte[]>? shown)
    {
        if (shown is null or { Count: 0 })
            return Verdict.Fail(stored.Count == 0 ? $"Vault has no key {name}: set Vault:TransitKey, or let `migrate` make it"
                : $"Vault has no key {name}, which signed before: is it another Vault, or one that lost its storage?");
        if (stored.FirstOrDefault(one => shown.TryGetValue(one.Key, out var spki) && !spki.AsSpan().SequenceEqual(one.Value.Spki)) is
            { Value: not null } changed)
            return Verdict.Fail($"{name} version {changed.Key} is another key than the one that signed: nothing is signed with it "
                + "(signer-key-changed)");
        var newest = stored.Count == 0 ? 0 : stored.Keys.Max();
        return newest > shown.Keys.Max() ? Verdict.Fail($"{name} version {newest} signed, and Vault ends at {shown.Keys.Max()}: it was "
            + "restored from an older backup") : null;
    }

    private async Task<List<TenantId>> SampleAsync(CancellationToken cancel)
    {
        var some = await database.ListAsync("SELECT tenant_id FROM tenants WHERE tenant_id <> $1 ORDER BY random() LIMIT $2",
            row => TenantId.Parse(row.GetString(0)), cancel, Text(TenantId.PlatformAudit.Value), Int(Sample));
        return [TenantId.PlatformAudit, .. some];
    }

    /// <summary>A log whose newest entry key was retired refuses appends until the key is rotated in Vault.</summary>
    private Task<Verdict?> RetiredAsync(TenantId tenant, CancellationToken cancel) => database.ReadAsync(tenant, async transaction =>
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT s.vault_name, s.vault_version
              FROM tenants t
              JOIN key_ranges r ON r.tenant_id = t.tenant_id AND r.epoch = t.current_epoch AND r.to_position IS NOT NULL
              JOIN signing_keys s ON s.key_id = r.key_id AND s.purpose = r.purpose AND s.tenant_id IN ('', t.tenant_id)
             WHERE t.tenant_id = $1
               AND s.vault_version = (SELECT max(n.vault_version) FROM signing_keys n
                                       WHERE n.tenant_id = s.tenant_id AND n.vault_name = s.vault_name)
             LIMIT 1
            """, cancel, Text(tenant.Value));
        return await reader.ReadAsync(cancel)
            ? Verdict.Warn($"{reader.GetString(0)} version {reader.GetInt32(1)} is retired in the log of {tenant} and no newer "
                + "one has signed: rotate it in Vault")
            : null;
    }, cancel);
}
