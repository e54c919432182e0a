using Ledger.DevHost.Postgres;
using Ledger.DevHost.Setup;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Postgres;

public sealed class PostgresFinderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ProgramFact("sh")]
    public void The_newest_of_path_and_usual_places_is_taken()
    {
        Install("path", "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)");
        Install("usual/16/bin", "postgres (PostgreSQL) 16.3");
        Install("usual/18/bin", "postgres (PostgreSQL) 18beta1");

        var found = PostgresFinder.Find([_folder["path"]], [_folder["usual/*/bin"]]);

        Assert.Equal(new PostgresBinaries(_folder["usual/18/bin"], 18), found);
    }

    [ProgramFact("sh")]
    public void The_version_that_made_the_cluster_is_taken_for_it()
    {
        Install("usual/15/bin", "postgres (PostgreSQL) 15.14");
        Install("usual/17/bin", "postgres (PostgreSQL) 17.0");

        Assert.Equal(15, PostgresFinder.Find([], [_folder["usual/*/bin"]], major: 15).Major);
        var missing = Assert.Throws<SetupFailed>(() => PostgresFinder.Find([], [_folder["usual/*/bin"]], major: 16));
        Assert.Contains("PostgreSQL 16, which is not installed (found: 15, 17)", missing.Message, StringComparison.Ordinal);
    }

    [ProgramFact("sh")]
    public void Older_ones_and_folders_without_initdb_do_not_count_and_the_message_says_what_to_install()
    {
        Install("old/bin", "postgres (PostgreSQL) 14.9");
        Install("clients/bin", "postgres (PostgreSQL) 17.0");
        File.Delete(_folder["clients/bin/initdb"]);

        string[] path = [_folder["old/bin"], _folder["clients/bin"], _folder["nowhere"]];
        var missing = Assert.Throws<SetupFailed>(() => PostgresFinder.Find(path, []));

        Assert.Contains("apt-get install postgresql", missing.Message, StringComparison.Ordinal);
        Assert.Contains("--postgres", missing.Message, StringComparison.Ordinal);
    }

    [ProgramFact("sh")]
    public void A_link_on_the_path_leads_to_the_folder_with_all_programs()
    {
        Install("real/bin", "postgres (PostgreSQL) 17.0");
        Directory.CreateDirectory(_folder["path"]);
        File.CreateSymbolicLink(_folder["path/postgres"], _folder["real/bin/postgres"]);

        Assert.Equal(_folder["real/bin"], PostgresFinder.Find([_folder["path"]], []).Folder);
    }

    private void Install(string place, string version)
    {
        Directory.CreateDirectory(_folder[place]);
        File.WriteAllText(_folder[place + "/initdb"], "");
        var server = _folder[place + "/postgres"];
        File.WriteAllText(server, $"#!/bin/sh\necho '{version}'\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(server, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
