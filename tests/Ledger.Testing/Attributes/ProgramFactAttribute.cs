using Ledger.DevHost.Processes;
using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test that runs programs from the PATH; skipped, naming the missing one, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(params string[] programs)
    {
        Programs = programs;
        if (Array.Find(programs, program => SearchPath.Find(program) is null) is { } missing)
            Skip = $"needs the program {missing} on the PATH";
    }

    public IReadOnlyList<string> Programs { get; }
}

/// <summary>A test that checks our bytes with the `openssl` program (3.0 or later).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenSslFactAttribute() : ProgramFactAttribute("openssl");
