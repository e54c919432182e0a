using Ledger.Testing.Storage;
using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test against <see cref="MotoServer"/>; skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MotoFactAttribute : FactAttribute
{
    public MotoFactAttribute() => Skip = MotoServer.Missing;
}
