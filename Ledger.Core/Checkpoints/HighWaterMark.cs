using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Checkpoints;

/// <summary>The newest checkpoint of a log that anybody may have been shown, kept outside the database: what a restored database is
/// compared with.</summary>
/// <param name="Size">Entries it covers; 0 from the making of the tenant until the first checkpoint.</param>
/// <param name="Root">The tree's root at that size.</param>
/// <param name="Note">The signed note; empty at size 0, which is never signed.</param>
public sealed record HighWaterMark(TenantId Tenant, int Epoch, long Size, Digest Root, string Note)
{
    /// <summary>The mark that making a tenant makes, and nothing else does.</summary>
    public static HighWaterMark OfEmptyLog(TenantId tenant, int epoch) => new(tenant, epoch, 0, MerkleHash.EmptyRoot, "");
}

/// <summary>A mark with the store's own version of it (an ETag), which a replacement must name.</summary>
public sealed record StoredMark(HighWaterMark Mark, string Version);

/// <summary>Where marks are kept: a folder, or objects behind conditional writes (<c>If-None-Match: *</c>, <c>If-Match</c>). It must not
/// share the database's fate.</summary>
public interface IHighWaterMarkStore
{
    /// <summary>Null where the log has no mark.</summary>
    /// <exception cref="IOException">The store cannot be reached, or what it holds is not a mark.</exception>
    ValueTask<StoredMark?> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel);

    /// <summary>Creates a log's mark, durably; false, and nothing changed, where there is one.</summary>
    ValueTask<bool> TryCreateAsync(HighWaterMark mark, CancellationToken cancel);

    /// <summary>Replaces exactly the mark that was read, durably; false, and nothing changed, where it is another by now.</summary>
    ValueTask<bool> TryReplaceAsync(StoredMark read, HighWaterMark next, CancellationToken cancel);
}
