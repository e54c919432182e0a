using Ledger.Testing.Rekor;
using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test against a real Rekor v1; skipped with the reason where it is not built.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealRekorFactAttribute : FactAttribute
{
    /// <param name="cli">It also needs rekor-cli.</param>
    public RealRekorFactAttribute(bool cli = false) => Skip = RekorPrograms.V1Missing ?? (cli ? RekorPrograms.CliMissing : null);
}

/// <summary>A test against a real Rekor v2; skipped with the reason where it is not built.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealRekor2FactAttribute : FactAttribute
{
    public RealRekor2FactAttribute() => Skip = RekorPrograms.V2Missing;
}

/// <summary>A test that runs rekor-cli (<see cref="RekorPrograms.Cli"/>); skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RekorCliFactAttribute : FactAttribute
{
    public RekorCliFactAttribute() => Skip = RekorPrograms.CliMissing;
}
