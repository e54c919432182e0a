using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>A finding after which nothing of a log is signed or appended until a person has decided.</summary>
internal sealed class LogHaltException(ProblemType type, string finding) : Exception(finding)
{
    public ProblemType Type { get; } = type;

    public static LogHaltException RolledBack(string finding) => new(ProblemTypes.LogRolledBack, finding);

    /// <summary>The database contradicts itself, whatever the mark says.</summary>
    public static LogHaltException Damaged(string finding) => new(ProblemTypes.LogHalted, finding);
}

/// <summary>The column <c>chain_heads.halted</c>, which appends read under the head's lock. Only integrators write it.</summary>
internal static class LogHalt
{
    /// <summary>Sets (a slug) or clears (null) it; waits for the append under way. False where it was so already.</summary>
    public static async Task<bool> SetAsync(LedgerDatabase database, LogId log, ProblemType? type, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(log.Tenant, cancel);
        var changed = await transaction.ExecuteAsync(
            "UPDATE chain_heads SET halted = $3 WHERE tenant_id = $1 AND epoch = $2 AND halted IS DISTINCT FROM $3",
            cancel, Text(log.Tenant.Value), Int(log.Epoch), Text(type?.Slug));
        await transaction.CommitAsync(cancel);
        return changed == 1;
    }
}
