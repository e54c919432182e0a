using Ledger.DevHost.Processes;
using Ledger.Testing.Rekor;
using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test that runs cosign (<see cref="CosignPath"/>); skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CosignFactAttribute : FactAttribute
{
    public CosignFactAttribute() => Skip = Missing;

    /// <summary>cosign: of the variable COSIGN, else of the PATH, else of $REAL_REKOR_DIR/clients.</summary>
    public static string? CosignPath { get; } = Find();

    /// <summary>Why there is none; null where there is one.</summary>
    public static string? Missing =>
        CosignPath is null ? $"needs cosign: COSIGN, the PATH, or {RekorPrograms.V1Variable}/clients" : null;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("COSIGN") is { Length: > 0 } given) return File.Exists(given) ? given : null;
        if (SearchPath.Find("cosign") is { } onPath) return onPath;
        var built = Environment.GetEnvironmentVariable(RekorPrograms.V1Variable);
        return built is { Length: > 0 } && Path.Combine(built, "clients", "usr", "bin", "cosign") is var cosign && File.Exists(cosign)
            ? cosign
            : null;
    }
}

/// <summary>As <see cref="CosignFactAttribute"/>, for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CosignTheoryAttribute : TheoryAttribute
{
    public CosignTheoryAttribute() => Skip = CosignFactAttribute.Missing;
}
