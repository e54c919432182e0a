using Ledger.Testing.Npm;
using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test with `node` and the packages of tests/npm/package.json (run by <see cref="NodeScript"/>); skipped with the reason
/// where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmFactAttribute : FactAttribute
{
    /// <param name="postgres">It also needs PostgreSQL.</param>
    public NpmFactAttribute(bool postgres = false) => Skip = NodeScript.Missing ?? (postgres ? PostgresNeed.Reason.Value : null);
}
