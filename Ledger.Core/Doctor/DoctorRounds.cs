namespace Ledger.Core.Doctor;

/// <summary>The examination for many who ask: one runs at a time, and its result is everybody's for a few seconds, so that nobody can make
/// this process hammer what it depends on.</summary>
public sealed class DoctorRounds(Examination examination, TimeProvider time)
{
    /// <summary>A report is good for so long after it was finished.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private Task<Round>? last;

    public async Task<DoctorReport> ReportAsync(CancellationToken cancel)
    {
        Task<Round> mine;
        lock (gate)
        {
            if (last is null or { IsFaulted: true } or { IsCanceled: true } || IsStale(last)) last = RunAsync();
            mine = last;
        }
        return (await mine.WaitAsync(cancel)).Report;
    }

    private bool IsStale(Task<Round> round) => round.IsCompletedSuccessfully && time.GetElapsedTime(round.Result.Ended) >= Freshness;

    // Nobody's own: who asked first may leave while others wait.
    private async Task<Round> RunAsync()
    {
        var report = await examination.RunAsync(CancellationToken.None);
        return new Round(report, time.GetTimestamp());
    }

    private sealed record Round(DoctorReport Report, long Ended);
}
