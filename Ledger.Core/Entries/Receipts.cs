using Ledger.Core.Signing;
using Ledger.Verify.Entries;

namespace Ledger.Core.Entries;

/// <summary>The receipts of stored entries: the bodies of 201.</summary>
public static class Receipts
{
    /// <param name="key">The key of the entry's <see cref="StoredEntry.KeyId"/>.</param>
    public static Receipt Of(StoredEntry entry, string origin, SigningKey key) =>
        Receipt.Of(entry.ToStatement(), null, entry.ToLeaf(origin), entry.LeafHash, key.Ed25519PublicKey);
}
