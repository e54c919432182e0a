using Ledger.Verify;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Anchoring;

/// <summary>A transparency log that we write to. It is believed in nothing: whatever comes back was verified with the pinned key.</summary>
public interface ITransparencyLog
{
    TrustedLog Trusted { get; }

    /// <summary>1 or 2: of Rekor's API.</summary>
    int Version { get; }

    /// <summary><c>rekor-v1</c> or <c>rekor-v2</c>.</summary>
    string Backend { get; }

    /// <summary>Its place in the configuration; 0 is the primary log.</summary>
    int Ordinal { get; }

    Uri Url { get; }

    /// <summary>How many submissions it may be given; null is without limit.</summary>
    SubmissionBudget? Budget => null;

    /// <summary>Puts an entry into the log, or finds the equal one that is there. Returned only when it was compared with what was
    /// submitted and every proof holds. Safe to repeat with the same bytes.</summary>
    /// <exception cref="LogException">Not logged, or not proved to be.</exception>
    Task<LoggedEntry> SubmitAsync(LogSubmission submission, CancellationToken cancel);

    /// <summary>The newest checkpoint of the shard that is written to.</summary>
    /// <exception cref="LogException">None, or not verified.</exception>
    Task<LogCheckpoint> LatestAsync(CancellationToken cancel);

    /// <summary>The newest head of every shard, the one that is written to first. Only v1 has others.</summary>
    /// <exception cref="LogException">One is not verified.</exception>
    Task<IReadOnlyList<LogHead>> HeadsAsync(CancellationToken cancel);

    /// <summary>The proof that the tree of <paramref name="to"/> begins with that of <paramref name="from"/>, both verified and of one
    /// shard; checked before it is returned.</summary>
    /// <exception cref="LogException">Class Log and a code: the two are not of one history, or the log does not show it.</exception>
    Task<IReadOnlyList<Digest>> ConsistencyAsync(LogCheckpoint from, LogCheckpoint to, CancellationToken cancel);

    /// <summary>The entry with a proof of now; null where the log has none of that id.</summary>
    /// <param name="entryId">v1: 80 hex digits, or the 64 of the leaf; v2: 64 hex digits of the log, ':', index.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="LogException">Not answered, or not verified.</exception>
    Task<LoggedEntry?> FindAsync(string entryId, CancellationToken cancel);

    /// <summary>The ids of entries over an artifact's digest, as the log's index has them: a hint, not a proof. v1 only.</summary>
    /// <exception cref="NotSupportedException">v2 has no index.</exception>
    /// <exception cref="LogException">Not answered.</exception>
    Task<IReadOnlyList<string>> SearchAsync(Digest artifact, CancellationToken cancel);

    /// <summary>Whether it answers at all; never throws for a log that does not.</summary>
    Task<bool> AnswersAsync(CancellationToken cancel);
}
