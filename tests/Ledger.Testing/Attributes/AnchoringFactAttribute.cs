using Ledger.Testing.Rekor;
using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test of the whole way from an append to what rekor-cli and cosign say of it; skipped with the reason where one of PostgreSQL,
/// the two clients and, if asked for, a real Rekor is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnchoringFactAttribute : FactAttribute
{
    /// <param name="real">1 or 2: it also needs a real Rekor of that version.</param>
    public AnchoringFactAttribute(int real = 0) =>
        Skip = PostgresNeed.Reason.Value ?? CosignFactAttribute.Missing ?? RekorPrograms.CliMissing ?? real switch
        {
            1 => RekorPrograms.V1Missing,
            2 => RekorPrograms.V2Missing,
            _ => null,
        };
}
