using Ledger.Core.Tenancy;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Core.Jobs;

/// <summary>One attempt at one job: keeps its lease while the handler is at it, and writes down how it ended.</summary>
public sealed class JobRunner(JobQueue queue, TimeProvider time, ILogger<JobRunner> log)
{
    private static readonly TimeSpan RenewEvery = JobLimits.Lease / 3;

    /// <summary>Never throws for the job's sake: whatever goes wrong is on its row, or its lease lapses.</summary>
    /// <param name="stopping">The process ends: the job goes back unattempted, for another worker.</param>
    public async Task RunAsync(IJobHandler handler, Job job, CancellationToken stopping)
    {
        using var span = JobSpans.Start(job);
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var renewing = RenewAsync(job, held);
        try
        {
            var failure = await AttemptAsync(handler, job, held.Token);
            span.End(failure);
            await EndAsync(job, failure, stopping);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            log.LogWarning("job {Queue} {Id} of {Tenant}: how it ended could not be written, its lease lapses: {Reason}", job.Queue, job.Id,
                job.Tenant, e.Message);
        }
        finally
        {
            await held.CancelAsync();
            await renewing;
        }
    }

    private static async Task<Exception?> AttemptAsync(IJobHandler handler, Job job, CancellationToken cancel)
    {
        try
        {
            await handler.HandleAsync(job, cancel);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    // What is written here must be written also while the process ends.
    private async Task EndAsync(Job job, Exception? failure, CancellationToken stopping)
    {
        switch (failure)
        {
            case null:
                return;
            case JobLeaseLostException:
                log.LogInformation("job {Queue} {Id} of {Tenant}: {Reason}", job.Queue, job.Id, job.Tenant, failure.Message);
                return;
            case JobPostponedException later:
                if (await queue.PostponeAsync(job, later.Wait, later.Message, CancellationToken.None))
                    log.LogInformation("job {Queue} {Id} of {Tenant} waits: {Reason}", job.Queue, job.Id, job.Tenant, later.Message);
                return;
            case OperationCanceledException when stopping.IsCancellationRequested:
                await queue.PostponeAsync(job, TimeSpan.Zero, reason: null, CancellationToken.None);
                return;
            case OperationCanceledException: // the lease was lost meanwhile, and nothing is written; or something gave up by itself
                await queue.FailAsync(job, new JobFailedException(JobErrorClass.Network, "given up while waiting", inner: failure),
                    CancellationToken.None);
                return;
            case JobFailedException known:
                await queue.FailAsync(job, known, CancellationToken.None);
                return;
            // Ours, and passing: a connection that was cut, a server that restarts.
            case NpgsqlException { IsTransient: true }:
                await queue.FailAsync(job, new JobFailedException(JobErrorClass.Network, $"database: {failure.Message}", inner: failure),
                    CancellationToken.None);
                return;
            default:
                log.LogError(failure, "job {Queue} {Id} of {Tenant} failed", job.Queue, job.Id, job.Tenant);
                await queue.FailAsync(job, new JobFailedException(null, $"{failure.GetType().Name}: {failure.Message}", inner: failure),
                    CancellationToken.None);
                return;
        }
    }

    private async Task RenewAsync(Job job, CancellationTokenSource held)
    {
        while (true)
        {
            try
            {
                await Task.Delay(RenewEvery, time, held.Token);
                if (await queue.RenewAsync(job, held.Token)) continue;
                await held.CancelAsync(); // another has it: what is under way here ends
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            // A third of the lease is gone: there is time for another try.
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or TimeoutException)
            {
                log.LogWarning("job {Queue} {Id} of {Tenant}: its lease was not renewed: {Reason}", job.Queue, job.Id, job.Tenant,
                    e.Message);
            }
        }
    }
}
