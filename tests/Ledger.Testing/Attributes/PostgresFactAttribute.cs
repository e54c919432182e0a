using Ledger.DevHost.Postgres;
using Ledger.DevHost.Setup;
using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test that needs PostgreSQL's server programs; skipped, naming what to install, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    /// <param name="linux">It also needs Linux: /proc, or the kernel's parent-death signal.</param>
    public PostgresFactAttribute(bool linux = false) =>
        Skip = PostgresNeed.Reason.Value ?? (linux && !OperatingSystem.IsLinux() ? "needs Linux" : null);
}

/// <summary>As <see cref="PostgresFactAttribute"/>, for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresNeed.Reason.Value;
}

internal static class PostgresNeed
{
    public static readonly Lazy<string?> Reason = new(static () =>
    {
        try
        {
            PostgresFinder.Find();
            return null;
        }
        catch (SetupFailed missing)
        {
            return missing.Message;
        }
    });
}
