using System.Numerics;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Anchoring;

/// <summary>How often a tenant's log can be anchored at best: what its policy asks for, or what the transparency logs' submission budgets
/// leave when every tenant takes its turn, whichever is longer. How many tenants there are is nobody's to know: such a turn is rounded up
/// to a power of two of seconds.</summary>
/// <param name="database">Reads across tenants.</param>
public sealed class EffectiveInterval(AdminDatabase database, TransparencyLogs logs)
{
    public async Task<TimeSpan> OfAsync(AnchorPolicy policy, CancellationToken cancel)
    {
        var asked = TimeSpan.FromSeconds(policy.Seconds);
        var apart = logs.All.Select(l => l.Budget?.Apart).Max() ?? TimeSpan.Zero;
        if (apart == TimeSpan.Zero) return asked; // no log has a budget
        var turns = apart * await ActiveTenantsAsync(cancel);
        return turns > asked ? Coarse(turns) : asked;
    }

    /// <summary>Refuses a fail-closed policy under which a tenant could not write although everything works.</summary>
    /// <returns>The policy's effective interval.</returns>
    /// <exception cref="LedgerProblemException">Names the field at fault.</exception>
    public async Task<TimeSpan> CheckAsync(AnchorPolicy policy, CancellationToken cancel)
    {
        var interval = await OfAsync(policy, cancel);
        if (policy.Fail == FailMode.Open) return interval;
        if (policy.Anchor == AnchorMode.Off || logs.All.Count == 0)
            throw new LedgerProblemException(ProblemTypes.InvalidField,
                "'fail' cannot be closed where nothing is anchored: nothing could be appended any more.", "fail");
        if (policy.MaxAgeSeconds is not { } age)
            throw new LedgerProblemException(ProblemTypes.MissingField, "'max_age_seconds' is required where 'fail' is closed.",
                "max_age_seconds");
        var least = (long)Math.Ceiling(interval.TotalSeconds * PolicyLimits.AgeInIntervals);
        if (age < least)
            throw new LedgerProblemException(ProblemTypes.InvalidField, $"'max_age_seconds' must be at least {least}: a checkpoint of this "
                + $"tenant is anchored every {(long)Math.Ceiling(interval.TotalSeconds)} s at best.", "max_age_seconds");
        return interval;
    }

    private static TimeSpan Coarse(TimeSpan exact) =>
        TimeSpan.FromSeconds(BitOperations.RoundUpToPowerOf2((ulong)Math.Ceiling(exact.TotalSeconds)));

    // Whoever may write and is anchored: each of them is due again whenever it writes.
    private async Task<long> ActiveTenantsAsync(CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT count(*) FROM tenants WHERE state = 'active' AND anchor_policy <> 'off'", cancel);
        await reader.ReadAsync(cancel);
        return reader.GetInt64(0);
    }
}
