using Ledger.DevHost.Postgres;
using Ledger.DevHost.Setup;
using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test that needs PostgreSQL's server programs; skipped, naming what to install, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresNeed.Reason.Value;
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
