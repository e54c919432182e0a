using Ledger.Core.Doctor;

namespace Ledger.Core.Tests.Doctor;

/// <summary>A check that does what a test says.</summary>
internal sealed class ScriptedCheck(string name, Func<CancellationToken, Task<Verdict>> run) : IDoctorCheck
{
    public ScriptedCheck(string name, Verdict verdict) : this(name, _ => Task.FromResult(verdict))
    {
    }

    public string Name => name;

    public Task<Verdict> RunAsync(CancellationToken cancel) => run(cancel);
}
