using Ledger.DevHost.Postgres;
using Ledger.DevHost.Processes;
using Ledger.DevHost.Setup;

namespace Ledger.Testing.Rekor;

/// <summary>Where a real Rekor and its client are on this machine, or the reason why a test must do without.</summary>
public static class RekorPrograms
{
    /// <summary>A folder in which <c>real-rekor.sh build</c> was run.</summary>
    public const string V1Variable = "REAL_REKOR_DIR";

    /// <summary>A folder in which <c>real-rekor2.sh build</c> was run.</summary>
    public const string V2Variable = "REAL_REKOR2_DIR";

    /// <summary>The path of rekor-cli.</summary>
    public const string CliVariable = "REKOR_CLI";

    /// <summary>Why there is no Rekor v1; null where there is one.</summary>
    public static string? V1Missing { get; } = Missing(V1Variable, "real-rekor.sh", "bin/rekor-server", "schema/storage.sql")
        ?? PostgresMissing();

    /// <summary>Why there is no Rekor v2; null where there is one.</summary>
    public static string? V2Missing { get; } = Missing(V2Variable, "real-rekor2.sh", "bin/rekor-server", "bin/rekor2-front");

    /// <summary>rekor-cli, or null.</summary>
    public static string? Cli { get; } = FindCli();

    public static string? CliMissing => Cli is null ? $"needs rekor-cli: {CliVariable}, the PATH, or {V1Variable}/clients" : null;

    internal static string Built(string variable) => Environment.GetEnvironmentVariable(variable)!;

    internal static string Script(string name) => RepositoryPath.Shared(Path.Combine("tools", name));

    private static string? Missing(string variable, string script, params string[] files)
    {
        if (!OperatingSystem.IsLinux()) return "needs Linux";
        if (!File.Exists(Script(script))) return $"needs ../shared/tools/{script} beside the repository";
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } folder)
            return $"needs {variable}: a folder in which {script} build was run";
        return Array.Find(files, file => !File.Exists(Path.Combine(folder, file))) is { } missing
            ? $"needs {variable}/{missing}: run {script} build {folder}"
            : null;
    }

    private static string? PostgresMissing()
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
    }

    private static string? FindCli()
    {
        if (Environment.GetEnvironmentVariable(CliVariable) is { Length: > 0 } named && File.Exists(named)) return named;
        if (SearchPath.Find("rekor-cli") is { } found) return found;
        var unpacked = Path.Combine(Environment.GetEnvironmentVariable(V1Variable) ?? "", "clients/usr/bin/rekor-cli");
        return Path.IsPathRooted(unpacked) && File.Exists(unpacked) ? unpacked : null;
    }
}
