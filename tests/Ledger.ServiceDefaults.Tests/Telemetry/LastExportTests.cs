using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ledger.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ledger.ServiceDefaults.Tests.Telemetry;

public class LastExportTests
{
    [Fact]
    public void All_signals_are_sent_at_once_and_share_one_patience()
    {
        using var all = new Barrier(3);
        var given = new int[3];
        bool End(int i, int milliseconds)
        {
            given[i] = milliseconds;
            return all.SignalAndWait(TimeSpan.FromSeconds(30));
        }
        LastExport.Run(ms => End(0, ms), ms => End(1, ms), ms => End(2, ms));
        Assert.Equal(1, all.CurrentPhaseNumber);
        Assert.All(given, milliseconds => Assert.InRange(milliseconds, 1, 2000));
    }

    /// <summary>Left to itself the SDK would wait for 15 seconds.</summary>
    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collector_that_takes_connections_and_never_answers_does_not_keep_a_program_from_stopping(string protocol)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [TelemetrySettings.EndpointVariable] = $"http://{silent.LocalEndpoint}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        });
        builder.AddServiceDefaults();
        var host = builder.Build();
        await host.StartAsync();
        using (var source = new ActivitySource(TelemetryNames.Ledger))
        using (source.StartActivity("group-commit"))
            host.Services.GetRequiredService<ILogger<LastExportTests>>().LogWarning("a line");

        await Task.Run(async () =>
        {
            await host.StopAsync();
            host.Dispose();
        }).WaitAsync(TimeSpan.FromSeconds(8));

        Assert.True(silent.Pending()); // it was tried
    }
}
