using System.Globalization;
using Ledger.DevHost.Processes;

namespace Ledger.Testing.Postgres;

/// <summary>Clusters of test processes that were killed: their folders carry the process's id, and nobody else will remove them.</summary>
internal static class LeftoverFolders
{
    public const string Prefix = "ledger-pg-";

    public static void Remove()
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var process = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (!int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || Signals.IsAlive(id))
                continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another test process is removing it at this moment.
            }
        }
    }
}
