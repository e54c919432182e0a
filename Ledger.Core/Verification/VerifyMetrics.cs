using System.Diagnostics.Metrics;
using Ledger.Core.Problems;
using Ledger.Core.Telemetry;

namespace Ledger.Core.Verification;

/// <summary>What was asked to be verified and what came of it, and what the scrubber found.</summary>
public sealed class VerifyMetrics
{
    private readonly Counter<long> requests;
    private readonly Counter<long> mismatches;

    public VerifyMetrics(LedgerMeter meter)
    {
        requests = meter.Meter.CreateCounter<long>("ledger.verify.requests", "{request}",
            "Verifications that callers asked for, by what of (anchors, chain) and result.");
        mismatches = meter.Meter.CreateCounter<long>("ledger.scrub.mismatches", "{page}",
            "Pages of stored entries that the scrubber read and that did not verify.");
    }

    /// <summary>Runs a verification and counts it by its result: what it says, or the slug of the problem that it ends in.</summary>
    /// <param name="of"><c>anchors</c> or <c>chain</c>.</param>
    /// <param name="resultOf"><c>verified</c>, <c>failed</c>, <c>not-anchored</c>.</param>
    public async Task<T> CountAsync<T>(string of, Func<Task<T>> verify, Func<T, string> resultOf)
    {
        try
        {
            var result = await verify();
            Count(of, resultOf(result));
            return result;
        }
        catch (LedgerProblemException e)
        {
            Count(of, e.Problem.Type.Slug);
            throw;
        }
    }

    // A page that verifies is a nought: from the first on, the series is there to be watched.
    internal void Scrubbed(bool matches) => mismatches.Add(matches ? 0 : 1);

    private void Count(string of, string result) =>
        requests.Add(1, new KeyValuePair<string, object?>("of", of), new KeyValuePair<string, object?>("result", result));
}
