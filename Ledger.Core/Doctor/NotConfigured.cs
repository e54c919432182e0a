namespace Ledger.Core.Doctor;

/// <summary>Stands where a check would, in a process that has no use for it.</summary>
public sealed class NotConfigured(string name, string why) : IDoctorCheck
{
    public string Name => name;

    public Task<Verdict> RunAsync(CancellationToken cancel) => Task.FromResult(Verdict.Absent(why));
}
