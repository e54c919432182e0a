using System.Reflection;

namespace Ledger.DevHost.Processes;

/// <summary>The dlls built with us, in our configuration; the build stamps their paths into this assembly (see the project file).</summary>
internal static class BuiltProgram
{
    public static string Api { get; } = Stamped("Ledger.Api");

    public static string Workers { get; } = Stamped("Ledger.Workers");

    public static string DevHost { get; } = Stamped("Ledger.DevHost");

    public static string Verify { get; } = Stamped("ledger-verify");

    private static string Stamped(string name) => Path.GetFullPath(
        typeof(BuiltProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == name).Value!);
}
