using System.Security.Cryptography;
using Ledger.DevHost.Processes;
using Ledger.DevHost.Setup;

namespace Ledger.Testing.Rekor;

/// <summary>
/// A real Rekor on loopback ports of its own, with a log that nobody else writes to. Ordinary tests share one per version and test process;
/// a test that stops it, or needs an empty log, starts its own.
/// </summary>
public sealed class RealRekor : IAsyncDisposable
{
    private static readonly Lazy<Task<RealRekor>> SharedV1 = new(() => StartAsync(RekorKind.V1));
    private static readonly Lazy<Task<RealRekor>> SharedV2 = new(() => StartAsync(RekorKind.V2));

    private readonly RekorKind _kind;
    private readonly int _base;
    private readonly string _arguments;

    private RealRekor(RekorKind kind, string folder, int firstPort, string arguments) =>
        (_kind, Folder, _base, _arguments) = (kind, folder, firstPort, arguments);

    /// <summary>Its state: keys, log files, the log itself.</summary>
    public string Folder { get; }

    public Uri Url => new($"http://127.0.0.1:{_base}");

    /// <summary>The path of the log's public key, PEM.</summary>
    public string PublicKey => Path.Combine(Folder, _kind.PublicKey);

    /// <summary>v1: the host name in its checkpoints; v2: their first line.</summary>
    public string Origin => _kind.Origin;

    public static Task<RealRekor> SharedV1Async() => SharedV1.Value;

    public static Task<RealRekor> SharedV2Async() => SharedV2.Value;

    /// <param name="arguments">More options for rekor-server, separated by blanks.</param>
    public static Task<RealRekor> StartV1Async(string arguments = "") => StartAsync(RekorKind.V1, arguments);

    /// <inheritdoc cref="StartV1Async"/>
    public static Task<RealRekor> StartV2Async(string arguments = "") => StartAsync(RekorKind.V2, arguments);

    /// <summary>Stops its processes; the log stays for <see cref="StartAgainAsync"/>.</summary>
    public Task StopAsync() => RunAsync("stop", _arguments);

    /// <summary>The same log at the same address, after <see cref="StopAsync"/>.</summary>
    /// <param name="arguments">Other options than at first; null: the same.</param>
    public Task StartAgainAsync(string? arguments = null) => RunAsync("start", arguments ?? _arguments);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<RealRekor> StartAsync(RekorKind kind, string arguments = "")
    {
        for (var attempt = 1; ; attempt++)
        {
            // Short: there is a Unix socket in it.
            var folder = Directory.CreateTempSubdirectory("ledger-rekor-").FullName;
            kind.Prepare(folder);
            await kind.WatchAsync(folder);
            var rekor = new RealRekor(kind, folder, PortRange.Find(kind.Ports), arguments);
            try
            {
                await rekor.RunAsync("start", arguments);
                return rekor;
            }
            catch (SetupFailed) when (attempt < 3)
            {
                // Somebody else took one of the ports in between.
                await rekor.DisposeAsync();
            }
        }
    }

    private async Task RunAsync(string command, string arguments) =>
        await ChildProcess.RunAsync(_kind.Script(command, Folder, _base, arguments), new CancellationTokenSource(RekorKind.Patience).Token);
}

/// <summary>Neighbouring loopback ports, below those that the kernel hands out by itself.</summary>
internal static class PortRange
{
    public static int Find(int count)
    {
        while (true)
        {
            var first = RandomNumberGenerator.GetInt32(14_000, 32_000);
            if (Enumerable.Range(first, count).All(DevHost.Processes.FreePort.IsFree)) return first;
        }
    }
}
