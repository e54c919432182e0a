using Ledger.Core.Problems;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Anchoring;

/// <summary>Asks a transparency log for an entry's proof as it is now.</summary>
public sealed class ProofRefresh(TransparencyLogs logs)
{
    /// <summary>The bundle with a fresh proof, or why there is none: the log is not one of ours, no longer has the entry, or answered with
    /// what does not verify.</summary>
    /// <param name="entryId">As the log calls it; null to work it out from the entry.</param>
    /// <exception cref="LedgerProblemException">transparency-log-unavailable.</exception>
    public async Task<(SigstoreBundle Bundle, FailureCode? Failure)> RunAsync(SigstoreBundle bundle, string? entryId,
        CancellationToken cancel)
    {
        if (bundle.Entries is not [var entry]) return (bundle, FailureCode.AnchorEntryCount);
        if (logs.Of(entry.LogId) is not { } log) return (bundle, FailureCode.LogUnknown);
        try
        {
            return await log.FindAsync(entryId ?? IdOf(entry, log.Version), cancel) is { } found
                ? (bundle with { Entries = [found.Entry] }, null) : (bundle, FailureCode.LogEntryMissing);
        }
        catch (LogException e) when (e is { Class: LogFailureClass.Log, Code: { } code })
        {
            return (bundle, code);
        }
        catch (LogException e)
        {
            throw new LedgerProblemException(
                new(ProblemTypes.TransparencyLogUnavailable, "The transparency log does not give a proof now; nothing was concluded."), e);
        }
    }

    // v1: its leaf's hash is enough; v2: log and index.
    private static string IdOf(LogEntry entry, int version) =>
        version == 1 ? MerkleHash.Leaf(entry.CanonicalizedBody).ToHex() : $"{entry.LogId}:{entry.LogIndex}";
}
