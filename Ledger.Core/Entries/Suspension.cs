using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Entries;

/// <summary>What a suspended tenant does not get, asked in the transaction that would write: what was known before it may be seconds
/// old.</summary>
public static class Suspension
{
    /// <exception cref="LedgerProblemException">tenant-suspended.</exception>
    public static void Refuse(TenantState state)
    {
        if (state == TenantState.Suspended)
            throw new LedgerProblemException(ProblemTypes.TenantSuspended, "The tenant is suspended; nothing was written.");
    }
}
