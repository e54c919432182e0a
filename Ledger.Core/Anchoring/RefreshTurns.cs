using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Anchoring;

/// <summary>How often a tenant may have the transparency logs asked through this process: what it asks of us it asks of others.</summary>
public sealed class RefreshTurns(TimeProvider time)
{
    /// <summary>Fresh proofs of one request.</summary>
    public const int ProofsPerRequest = 4;

    /// <summary>Fresh proofs of one tenant in a minute.</summary>
    public const int ProofsPerMinute = 30;

    /// <summary>All of one request together.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Dictionary<TenantId, int> taken = []; // guard
    private readonly Lock guard = new();
    private DateTimeOffset minute; // guard

    /// <summary>Takes so many out of the tenant's minute.</summary>
    /// <exception cref="LedgerProblemException">too-many-proofs, refresh-limited.</exception>
    public void Take(TenantId tenant, int proofs)
    {
        if (proofs > ProofsPerRequest)
            throw new LedgerProblemException(ProblemTypes.TooManyProofs,
                $"{proofs} anchors fit, and at most {ProofsPerRequest} fresh proofs are fetched in one request: ask for each by its uuid.",
                "refresh_proof");
        lock (guard)
        {
            // One minute for all: nothing is kept of who does not ask.
            if (time.GetUtcNow() - minute >= TimeSpan.FromMinutes(1)) Forget();
            var sum = taken.GetValueOrDefault(tenant) + proofs;
            if (sum > ProofsPerMinute)
                throw new LedgerProblemException(ProblemTypes.RefreshLimited,
                    $"The tenant has {ProofsPerMinute} fresh proofs a minute. The stored proofs can be verified at any time.");
            taken[tenant] = sum;
        }
    }

    /// <summary>Runs a request's fetches under the deadline.</summary>
    /// <exception cref="LedgerProblemException">transparency-log-unavailable, when it has passed.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> fetch, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            return await fetch(either.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new LedgerProblemException(new(ProblemTypes.TransparencyLogUnavailable,
                $"The fresh proofs were not there within {Deadline.TotalSeconds} s; nothing was concluded."), e);
        }
    }

    private void Forget()
    {
        minute = time.GetUtcNow();
        taken.Clear();
    }
}
