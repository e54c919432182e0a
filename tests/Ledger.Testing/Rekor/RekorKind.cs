using System.Globalization;
using Ledger.DevHost.Processes;

namespace Ledger.Testing.Rekor;

/// <summary>What differs between the two scripts that start a real Rekor.</summary>
internal sealed record RekorKind(
    int Version, string Name, string Variable, int Ports, string PublicKey, string Origin, string Prefix, string ArgumentsName)
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static readonly RekorKind V1 = new(1, "real-rekor.sh", RekorPrograms.V1Variable, 6, "keys/rekor.pub.pem",
        "rekor.loopback.test", "RR_", "RR_REKOR_ARGS");

    public static readonly RekorKind V2 = new(2, "real-rekor2.sh", RekorPrograms.V2Variable, 4, "keys/rekor2.pub.pem",
        "rekor2.loopback.test", "RR2_", "RR2_ARGS");

    /// <summary>A folder with the built programs linked into it, and nothing else of another log's.</summary>
    public void Prepare(string folder)
    {
        Directory.CreateDirectory(folder);
        var built = RekorPrograms.Built(Variable);
        foreach (var part in new[] { "bin", "schema", "redis/usr", "redis/lib" })
        {
            if (!Directory.Exists(Path.Combine(built, part))) continue;
            var link = Path.Combine(folder, part);
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            Directory.CreateSymbolicLink(link, Path.Combine(built, part));
        }
    }

    /// <summary>
    /// A process of its own that ends the log when this test process is gone, however it went: the servers are no children of ours, and
    /// take longer to stop than a test host may take to exit.
    /// </summary>
    public async Task WatchAsync(string folder)
    {
        const string Watch = """
            setsid nohup bash -c 'while kill -0 "$0" && [ -d "$1" ]; do sleep 1; done; [ -d "$1" ] && bash "$2" stop "$1" && rm -rf "$1"' \
                "$1" "$2" "$3" </dev/null >/dev/null 2>&1 &
            """;
        await ChildProcess.RunAsync(
            new ProcessSpec("watch", "bash", "-c", Watch, "watch", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), folder,
                RekorPrograms.Script(Name)),
            new CancellationTokenSource(Patience).Token);
    }

    /// <param name="command">start or stop.</param>
    /// <param name="folder">The log's.</param>
    /// <param name="firstPort">Null: the one that the folder remembers.</param>
    /// <param name="arguments">For rekor-server.</param>
    public ProcessSpec Script(string command, string folder, int? firstPort, string arguments) =>
        new($"{Name} {command}", "bash", RekorPrograms.Script(Name), command, folder)
        {
            Environment = new Dictionary<string, string?>
            {
                [Prefix + "BASE"] = firstPort?.ToString(CultureInfo.InvariantCulture),
                [Prefix + "HOSTNAME"] = Origin,
                [Prefix + "KEY"] = null,
                [ArgumentsName] = arguments,
            },
        };
}
