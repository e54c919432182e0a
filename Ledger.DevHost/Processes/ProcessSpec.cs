namespace Ledger.DevHost.Processes;

/// <summary>What to start and how it is to die.</summary>
/// <param name="Name">How it is called in messages.</param>
/// <param name="File">The program: a path, or a name on the PATH.</param>
/// <param name="Arguments">Its arguments, unquoted.</param>
internal sealed record ProcessSpec(string Name, string File, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables set for it; null removes one that would be inherited.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Null: the current directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The numeric user and group it runs as; null: ours. Needs root and util-linux.</summary>
    public int? UserId { get; init; }

    /// <summary>What the kernel sends it when we die without having stopped it (Linux only).</summary>
    public string SignalOnOurDeath { get; init; } = "TERM";

    /// <summary>All its output, from the start of this run; null: only the last lines are kept, in memory.</summary>
    public string? LogFile { get; init; }
}
