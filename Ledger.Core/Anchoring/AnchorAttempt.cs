using Ledger.Core.Jobs;
using Ledger.Core.Problems;
using Microsoft.Extensions.Logging;

namespace Ledger.Core.Anchoring;

/// <summary>One attempt at one anchor, as metrics, operators and the queue are told of it.</summary>
public sealed class AnchorAttempt(AnchorMetrics metrics, ILogger<AnchorAttempt> log)
{
    /// <summary>Runs the attempt and gives its failure the class that says who has to act.</summary>
    /// <param name="attempt">Returns whether something was anchored.</param>
    /// <exception cref="JobFailedException">What the queue keeps.</exception>
    public async Task RunAsync(LogGate gate, Job job, AnchorKind kind, Func<Task<bool>> attempt, CancellationToken cancel)
    {
        try
        {
            if (!await attempt()) return;
            metrics.Succeeded(gate.Log, kind);
            await gate.SucceededAsync(cancel);
        }
        catch (LogException refused)
        {
            var e = await JudgedAsync(gate, refused, cancel);
            var failure = Failed(gate, job, kind, new JobFailedException(e.Class.ToJob(), e.Message, e.RetryAfter, e));
            await gate.FailedAsync(e, cancel);
            throw failure;
        }
        // Judged where it was found.
        catch (JobFailedException e)
        {
            throw Failed(gate, job, kind, e);
        }
        // Vault is away, or the store of marks: nothing is wrong with the log.
        catch (LedgerProblemException e) when (e.Problem.Type == ProblemTypes.SignerUnavailable)
        {
            throw Failed(gate, job, kind, new JobFailedException(JobErrorClass.Network, Said(e), null, e));
        }
        catch (IOException e)
        {
            throw Failed(gate, job, kind, new JobFailedException(JobErrorClass.Network, e.Message, null, e));
        }
        // A key that changed, was retired or signs wrongly: a person's.
        catch (LedgerProblemException e)
        {
            throw Failed(gate, job, kind, new JobFailedException(JobErrorClass.Config, Said(e), null, e));
        }
    }

    // Whatever stands before a log that is gone answers in its place, with 404 or 401 as like as not: nobody's setting is wrong then.
    private static async Task<LogException> JudgedAsync(LogGate gate, LogException failure, CancellationToken cancel) =>
        failure.Class != LogFailureClass.Config || await gate.AnswersProperlyAsync(cancel) ? failure
            : new LogException(LogFailureClass.Network, $"{failure.Message} (and the log shows no head)", failure.Code, failure.RetryAfter,
                failure);

    private JobFailedException Failed(LogGate gate, Job job, AnchorKind kind, JobFailedException failure)
    {
        var errorClass = failure.Class.SqlName()!;
        metrics.Failed(gate.Log, kind, errorClass);
        log.LogWarning("Rekor anchoring failed: {Kind} of {Tenant} at {Url}: {Class}: {Reason}", kind.SqlName(), job.Tenant, gate.Log.Url,
            errorClass, JobErrors.TextOf(failure.Message));
        return failure;
    }

    private static string Said(LedgerProblemException e) => $"{e.Problem.Type}: {e.Message}";
}
