using System.Runtime.InteropServices;

namespace Ledger.DevHost.Processes;

/// <summary>The `dotnet` program that runs us, also when it is not on the PATH: three folders above the shared framework.</summary>
internal static class DotnetHost
{
    public static string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
