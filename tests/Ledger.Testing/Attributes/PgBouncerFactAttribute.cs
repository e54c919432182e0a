using Ledger.Testing.Postgres;
using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test that puts a PgBouncer before the tests' PostgreSQL; skipped, naming what is missing, where one of them is.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PgBouncerFactAttribute : FactAttribute
{
    public PgBouncerFactAttribute() =>
        Skip = PostgresNeed.Reason.Value
            ?? (PgBouncer.Program is null ? "needs the program pgbouncer (Debian's package of that name)" : null);
}
