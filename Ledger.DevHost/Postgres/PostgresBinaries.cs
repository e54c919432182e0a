namespace Ledger.DevHost.Postgres;

/// <summary>One installed PostgreSQL: the folder with its server programs, and its major version.</summary>
internal sealed record PostgresBinaries(string Folder, int Major)
{
    public string Tool(string name) => Path.Combine(Folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
}
