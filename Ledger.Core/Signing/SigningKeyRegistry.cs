using System.Collections.Concurrent;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Logging;

namespace Ledger.Core.Signing;

/// <summary>Which public bytes a (Vault name, version) is. The table remembers what was first seen;
/// Vault is asked again and must agree.</summary>
public sealed class SigningKeyRegistry(LedgerDatabase database, VaultTransit vault, TimeProvider time, ILogger<SigningKeyRegistry> log)
{
    // Every key a process has signed with; public bytes never change, so nothing expires.
    private readonly ConcurrentDictionary<(string Name, int Version), SigningKey> known = new();

    /// <summary>The key that made a signature with this version. First use writes it to the table,
    /// before anything signed with it is stored.</summary>
    /// <exception cref="LedgerProblemException">signer-key-changed, signer-unavailable.</exception>
    public async ValueTask<SigningKey> ResolveAsync(
        string vaultName, int version, KeyPurpose purpose, TenantId? owner, CancellationToken cancel)
    {
        if (known.TryGetValue((vaultName, version), out var key)) return key;
        var all = await SynchronizeAsync(vaultName, purpose, owner, cancel);
        return all.TryGetValue(version, out key) ? key
            : throw new LedgerProblemException(ProblemTypes.SignerInvalid, "The signer names a key version that it does not show.");
    }

    /// <summary>The newest version that Vault shows, written to the table.</summary>
    public async Task<SigningKey> NewestAsync(string vaultName, KeyPurpose purpose, TenantId? owner, CancellationToken cancel)
    {
        var all = await SynchronizeAsync(vaultName, purpose, owner, cancel);
        return all[all.Keys.Max()];
    }

    /// <summary>Reads a key from Vault, compares every version that the table knows, and adds the ones it does not.</summary>
    public async Task<IReadOnlyDictionary<int, SigningKey>> SynchronizeAsync(
        string vaultName, KeyPurpose purpose, TenantId? owner, CancellationToken cancel)
    {
        var shown = await vault.ReadKeyAsync(vaultName, cancel);
        if (shown is null or { Count: 0 })
            throw new LedgerProblemException(ProblemTypes.SignerUnavailable, "The signer has no key of the configured name.");

        await using var transaction = owner is null
            ? await database.BeginAsServiceAsync(cancel)
            : await database.BeginAsync(owner.Value, cancel);
        var stored = await SigningKeyStore.FindAsync(transaction, owner, vaultName, cancel);
        var all = new Dictionary<int, SigningKey>(stored);
        foreach (var (version, spki) in shown)
        {
            var key = stored.GetValueOrDefault(version)
                ?? await SigningKeyStore.AddAsync(
                    transaction, owner, SigningKey.Create(purpose, vaultName, version, spki), time.GetUtcNow(), cancel);
            if (!key.Spki.AsSpan().SequenceEqual(spki))
            {
                log.LogCritical(
                    "signer-key-changed: {VaultName} version {Version} shows other public bytes than the ones recorded as {KeyId}",
                    vaultName, version, key.KeyId);
                throw new LedgerProblemException(
                    ProblemTypes.SignerKeyChanged, "A known key version shows other public bytes; nothing is signed.");
            }
            all[version] = key;
        }
        await transaction.CommitAsync(cancel);
        foreach (var key in all.Values) known[(vaultName, key.VaultVersion)] = key;
        return all;
    }
}
