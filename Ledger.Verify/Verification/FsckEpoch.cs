using Ledger.Verify.Entries;

namespace Ledger.Verify.Verification;

/// <summary>Which epoch of an export a run is over, and what that asks of it.</summary>
/// <param name="Number">1, or the number of its folder.</param>
/// <param name="Epochs">How many there are; their folders lie in the first one's.</param>
/// <param name="Tenant">Whose log epoch 1 is; null while that is not known.</param>
internal sealed record FsckEpoch(long Number, long Epochs, string? Tenant)
{
    /// <summary>Another tenant's log, or another epoch, in this place would hide the one that belongs there.</summary>
    public bool IsOf(TrustLog log) => (Tenant ?? log.Tenant) == log.Tenant && (LogOrigin.EpochOf(log.Origin, log.Tenant) ?? 1) == Number;

    /// <summary>Whether the path is a later epoch's, to be judged in a run of its own.</summary>
    public bool HasFolderOf(string path) => Number == 1 && ExportLayout.EpochOf(path) is > 1 and var epoch && epoch <= Epochs;
}
