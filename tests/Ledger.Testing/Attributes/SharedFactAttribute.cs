using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test on data that lies beside the repository (`../shared`), not in it; skipped in a clone that stands alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    /// <param name="path">Below `shared`, such as `golden/vault`.</param>
    public SharedFactAttribute(string path)
    {
        SharedPath = path;
        var full = RepositoryPath.Shared(path);
        if (!File.Exists(full) && !Directory.Exists(full))
            Skip = $"needs ../shared/{path} beside the repository";
    }

    public string SharedPath { get; }
}
