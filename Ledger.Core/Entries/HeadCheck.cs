using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Entries;

/// <summary>What a locked head refuses an append for. Nothing was written then, and nothing is lost: the caller may try again.</summary>
internal static class HeadCheck
{
    /// <exception cref="LedgerProblemException">tenant-suspended, log-rolled-back, log-halted, storage-unavailable.</exception>
    public static void Refuse(ChainHead head, LogFloor floor)
    {
        Suspension.Refuse(head.State);
        if (head.Halted is { } halted)
        {
            var type = ProblemTypes.All.FirstOrDefault(t => t.Slug == halted) ?? ProblemTypes.LogHalted;
            throw new LedgerProblemException(type, "The log is halted; nothing was written.");
        }
        if (head.NextSeq < floor.Size)
            throw new LedgerProblemException(ProblemTypes.LogRolledBack,
                "The database holds fewer entries than were acknowledged; nothing was written.");
        if (!head.FollowsItsLastEntry)
            throw new LedgerProblemException(ProblemTypes.LogHalted, "The log's head is not its last entry's; nothing was written.");
        if (!floor.Knows(head.Server))
            throw new LedgerProblemException(ProblemTypes.StorageUnavailable,
                "The database server is another one than before and the high-water mark cannot be read; nothing was written.");
        // Without the mark's store no checkpoint is made, so no witness can come: said at once, not when the oldest entry is too old.
        if (head.Policy.Fail == FailMode.Closed && floor.Mark == MarkReading.Failed)
            throw new LedgerProblemException(ProblemTypes.StorageUnavailable,
                "The tenant's policy is fail-closed and the high-water mark cannot be read; nothing was written.");
    }
}
