using Ledger.Core.Jobs;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Jobs;

public sealed class WakeTests
{
    [PostgresFact]
    public async Task Who_listens_hears_of_a_replayed_job_when_it_is_committed()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job(maxAttempts: 1));
        var job = await queue.ClaimOneAsync();
        await queue.Jobs.FailAsync(job, new JobFailedException(null, "no"), CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var heard = new TaskCompletionSource<string>();
        var listening = queue.Database.ListenAsync(JobQueues.WakeChannel, heard.SetResult, patience.Token);
        while (!await IsListeningAsync(queue)) await Task.Delay(20, patience.Token);

        await queue.DeadLetters().ReplayAsync(job.Tenant, job.Id, "alice", CancellationToken.None);

        Assert.Equal(QueueUnderTest.Queue, await heard.Task.WaitAsync(patience.Token));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
    }

    private static async Task<bool> IsListeningAsync(QueueUnderTest queue) => await LedgerUnderTest.ScalarAsync<long>(
        queue.Ledger.Database.Superuser,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN ledger_jobs' AND state = 'idle'") == 1;
}
