using System.Reflection;

namespace Ledger.DevHost.Setup;

/// <summary>Where the product's realm files are; the build stamps their place in the sources into this assembly (see the project
/// file).</summary>
internal static class RealmFiles
{
    /// <summary>For production: nobody in them, and no default secret.</summary>
    public static string Folder { get; } = Path.GetFullPath(
        typeof(RealmFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static a => a.Key == "realms").Value!);

    /// <summary>The same with the demo people.</summary>
    public static string Development { get; } = Path.Combine(Folder, "Development");
}
