using System.Collections.Concurrent;
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

    private const int AtOnce = 8;

    private static readonly TimeSpan VaultPatience = TimeSpan.FromSeconds(6);

    public string Name => "keys";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var isApi = options.Value.Caller == VaultCaller.Api;
        var found = new ConcurrentQueue<Verdict>();
        var shown = new ConcurrentDictionary<string, IReadOnlyDictionary<int, byte[]>?>();
        await CompareAsync(names.Entry, null, shown, found, cancel);
        if (!isApi) await CompareAsync(names.Checkpoint, null, shown, found, cancel);
        var tenants = await SampleAsync(cancel);
        await Parallel.ForEachAsync(tenants, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (tenant, token) =>
            {
                if (!isApi)
                    foreach (var name in new[] { names.Anchor(tenant), names.Payload(tenant) })
                        await CompareAsync(name, tenant, shown, found, token);
                // Rotated already: the newer version signs the next entry.
                if (await RetiredAsync(tenant, token) is { } retired
                    && !(shown.GetValueOrDefault(retired.Name)?.Keys.Any(version => version > retired.Version) ?? false))
                    found.Enqueue(Verdict.Warn($"{retired.Name} version {retired.Version} is retired in the log of {tenant} and no newer "
                        + "one has signed: rotate it in Vault"));
            });
        return Verdict.Worst([.. found], $"{shown.Count} keys are in Vault as they were signed with");
    }

    /// <summary>Looks at no key of a tenant's that the ledger has never met: the first use makes it.</summary>
    private async Task CompareAsync(string name, TenantId? tenant, ConcurrentDictionary<string, IReadOnlyDictionary<int, byte[]>?> all,
        ConcurrentQueue<Verdict> found, CancellationToken cancel)
    {
        var stored = await database.ReadAsync(tenant ?? TenantId.PlatformAudit,
            (transaction, token) => SigningKeyStore.FindAsync(transaction, tenant, name, token), cancel);
        if (stored.Count == 0 && tenant is not null) return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(VaultPatience);
        IReadOnlyDictionary<int, byte[]>? shown;
        try
        {
            shown = await vault.ReadKeyAsync(name, patience.Token);
        }
        catch (Exception e) when (e is LedgerProblemException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new PrerequisiteException(VaultCheck.CheckName,
                $"Vault does not show {name}: {e.InnerException?.Message ?? e.Message}", e);
        }
        all[name] = shown;
        if (Judge(name, stored, shown) is { } verdict) found.Enqueue(verdict);
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
    private Task<(string Name, int Version)?> RetiredAsync(TenantId tenant, CancellationToken cancel) => database.ReadAsync<(string, int)?>(
        tenant, async (transaction, token) =>
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
            """, token, Text(tenant.Value));
        return await reader.ReadAsync(token) ? (reader.GetString(0), reader.GetInt32(1)) : null;
    }, cancel);
}
