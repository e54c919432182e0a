using Ledger.DevHost.Processes;
using Ledger.Testing.Processes;

namespace Ledger.Testing.Storage;

/// <summary>Moto's S3, a server by others: Debian's <c>moto_server</c> from MOTO_SERVER or the PATH. It checks no signature and keeps nothing
/// over a restart, but its conditional writes are its own.</summary>
public sealed class MotoServer : IAsyncDisposable
{
    private readonly ProcessUnderTest process;

    private MotoServer(ProcessUnderTest process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Why there is none; null where there is one.</summary>
    public static string? Missing => Program is null ? "needs moto_server on the PATH or its path in MOTO_SERVER; .ci/moto gets it" : null;

    private static string? Program => Environment.GetEnvironmentVariable("MOTO_SERVER") is { Length: > 0 } path
        ? File.Exists(path) ? path : null : SearchPath.Find("moto_server");

    public static async Task<MotoServer> StartAsync()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = await ProcessUnderTest.StartAsync(Program!, null, "-H", address.Host, "-p", $"{address.Port}");
        await process.WaitForHealthAsync(new Uri(address, "/moto-api/"));
        return new MotoServer(process, address);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
