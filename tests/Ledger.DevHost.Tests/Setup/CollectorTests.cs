using System.Net;
using System.Net.Sockets;
using Ledger.DevHost.Setup;
using Ledger.Testing.Telemetry;
using FreePort = Ledger.Testing.FreePort;

namespace Ledger.DevHost.Tests.Setup;

public sealed class CollectorTests : IDisposable
{
    private readonly HttpClient http = new();

    [Fact]
    public async Task A_collector_that_takes_a_connection_and_says_nothing_is_silent()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        Assert.True(await IsSilentAsync($"http://{silent.LocalEndpoint}", TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public async Task Whoever_answers_is_not_silent_whichever_protocol_it_speaks()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        Assert.False(await IsSilentAsync(collector.Address.AbsoluteUri));
        Assert.False(await IsSilentAsync(collector.GrpcAddress.AbsoluteUri));
        Assert.Empty(collector.Resources);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nowhere")]
    [InlineData("unix:///run/collector")]
    public async Task Where_there_is_no_collector_nobody_has_to_wait(string? endpoint) => Assert.False(await IsSilentAsync(endpoint));

    [Fact]
    public async Task A_collector_that_is_not_there_refuses_and_keeps_nobody_waiting() =>
        Assert.False(await IsSilentAsync($"http://127.0.0.1:{FreePort.Next()}"));

    public void Dispose() => http.Dispose();

    private Task<bool> IsSilentAsync(string? endpoint, TimeSpan? patience = null) =>
        Collector.IsSilentAsync(endpoint, http, patience ?? TimeSpan.FromSeconds(30), CancellationToken.None);
}
