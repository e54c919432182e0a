using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Ledger.DevHost.Processes;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Postgres;

/// <summary>Finds the server programs of PostgreSQL: on the PATH, then where the usual packages put them; the newest wins.</summary>
internal static partial class PostgresFinder
{
    /// <summary>The floor of the product: nothing newer is used in SQL, nothing older is tried.</summary>
    public const int OldestMajor = 15;

    public const string WhatToInstall =
        """
        No PostgreSQL 15 or newer was found on the PATH nor in the usual places. Install the server:
          Debian, Ubuntu   apt-get install postgresql
          Fedora           dnf install postgresql-server
          Alpine           apk add postgresql17
          macOS            brew install postgresql@17
          Windows          winget install PostgreSQL.PostgreSQL.17
        or put the folder with initdb and postgres on the PATH, or use a running server: --postgres CONNECTION
        """;

    private static readonly string[] UsualPlaces =
    [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/usr/local/pgsql/bin",
        "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin", "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin", @"C:\Program Files\PostgreSQL\*\bin",
    ];

    /// <summary>The newest installed one; with a cluster already made, the one of that cluster's major version.</summary>
    /// <exception cref="SetupFailed">There is none; the message says what to install.</exception>
    public static PostgresBinaries Find(int? major = null) => Find(SearchPath.Folders(), UsualPlaces, major);

    public static PostgresBinaries Find(IEnumerable<string> path, IEnumerable<string> usualPlaces, int? major = null)
    {
        var folders = path.Concat(usualPlaces.SelectMany(Expand));
        var found = folders.Select(TryRead).OfType<PostgresBinaries>().Where(b => b.Major >= OldestMajor).ToList();
        if (found.Count == 0)
            throw new SetupFailed(WhatToInstall);
        if (major is null)
            return found.MaxBy(b => b.Major)!;
        var others = string.Join(", ", found.Select(b => b.Major).Distinct().Order());
        return found.Find(b => b.Major == major) ?? throw new SetupFailed(
            $"the database here was made by PostgreSQL {major}, which is not installed (found: {others}). "
            + "Install it, or start afresh with another --state DIR");
    }

    /// <summary>`/usr/lib/postgresql/*/bin`: one star in one part of the path.</summary>
    private static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return [pattern];
        var separator = pattern.Contains('\\', StringComparison.Ordinal) ? '\\' : '/';
        var parts = pattern.Split(separator);
        var at = Array.FindIndex(parts, part => part.Contains('*', StringComparison.Ordinal));
        var parent = string.Join(separator, parts[..at]);
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, parts[at]).Select(folder => Path.Combine([folder, .. parts[(at + 1)..]]))
            : [];
    }

    /// <summary>A folder counts when it holds both server programs; a lone `postgres` on the PATH is a link into the real one.</summary>
    private static PostgresBinaries? TryRead(string folder)
    {
        var server = new PostgresBinaries(folder, 0).Tool("postgres");
        if (!File.Exists(server))
            return null;
        var target = Path.GetDirectoryName(File.ResolveLinkTarget(server, returnFinalTarget: true)?.FullName) ?? folder;
        var complete = File.Exists(new PostgresBinaries(target, 0).Tool("initdb"));
        return complete && MajorOf(server) is { } major ? new PostgresBinaries(target, major) : null;
    }

    private static int? MajorOf(string server)
    {
        try
        {
            var version = new ProcessStartInfo(server, ["--version"]) { RedirectStandardOutput = true };
            using var process = Process.Start(version)!;
            // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", "postgres (PostgreSQL) 18beta1"
            var match = VersionText().Match(process.StandardOutput.ReadToEnd());
            return match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\(PostgreSQL\) ([0-9]+)")]
    private static partial Regex VersionText();
}
