using System.Collections.Concurrent;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Signing;

/// <summary>The service's keys by id. A key is its bytes and is never deleted, so what was read once stays true.</summary>
internal sealed class EntryKeys(LedgerDatabase database)
{
    private readonly ConcurrentDictionary<string, SigningKey> known = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">No such key: an entry signed with it cannot exist, for keys are written
    /// first.</exception>
    public async ValueTask<SigningKey> FindAsync(string keyId, CancellationToken cancel)
    {
        if (known.TryGetValue(keyId, out var key)) return key;
        foreach (var stored in await AllAsync(cancel))
        {
            if (stored.Purpose == KeyPurpose.Entry) known[stored.KeyId] = stored;
        }
        return known.TryGetValue(keyId, out key) ? key : throw new InvalidOperationException($"Key {keyId} is not recorded.");
    }

    /// <summary>Every version of every key of the service, oldest first within a purpose. Tenants' own keys are not among them.</summary>
    public async Task<IReadOnlyList<SigningKey>> AllAsync(CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsServiceAsync(cancel);
        return await SigningKeyStore.ListAsync(transaction, null, cancel);
    }
}
