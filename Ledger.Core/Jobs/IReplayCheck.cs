using Ledger.Core.Tenancy;

namespace Ledger.Core.Jobs;

/// <summary>Whether what a dead letter is about still wants it. The rooms above know; one for each queue that has such a
/// question.</summary>
public interface IReplayCheck
{
    /// <summary>One of <see cref="JobQueues"/>.</summary>
    string Queue { get; }

    /// <summary>Why it must not be tried again, for the operator; null where it may.</summary>
    /// <param name="transaction">Of the replay, in the letter's tenant.</param>
    Task<string?> RefusalAsync(LedgerTransaction transaction, DeadLetter letter, CancellationToken cancel);
}
