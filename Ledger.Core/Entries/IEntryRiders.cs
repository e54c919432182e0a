using Ledger.Core.Tenancy;

namespace Ledger.Core.Entries;

/// <summary>What every stored entry brings along, whoever submitted it: rows of rooms above this one. See <see cref="Submission.Riders"/>
/// for those of one submission.</summary>
public interface IEntryRiders
{
    /// <summary>Adds commands to the group's batch; called under the head lock, with all entries of the group.</summary>
    void Add(TenantId tenant, Riding riding);
}
