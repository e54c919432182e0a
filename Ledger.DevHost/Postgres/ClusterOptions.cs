namespace Ledger.DevHost.Postgres;

/// <summary>A PostgreSQL server of our own.</summary>
/// <param name="Binaries">The installed programs.</param>
/// <param name="Folder">Holds `data`; the server's user must be able to reach it.</param>
/// <param name="Port">On 127.0.0.1; there is no Unix socket.</param>
/// <param name="Password">Of the superuser `postgres`; set when the cluster is made.</param>
internal sealed record ClusterOptions(PostgresBinaries Binaries, string Folder, int Port, string Password)
{
    /// <summary>Off only for throw-away databases: an acknowledged commit then need not survive a crash.</summary>
    public bool Fsync { get; init; } = true;

    public string? LogFile { get; init; }

    /// <summary>What the server is told by the kernel when we are killed: INT is its fast shutdown, QUIT its immediate one.</summary>
    public string SignalOnOurDeath { get; init; } = "INT";

    public string Data => Path.Combine(Folder, "data");
}
