using System.Collections.Concurrent;
using System.Diagnostics;
using Ledger.ServiceDefaults.Telemetry;
using Ledger.ServiceDefaults.Tests.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ledger.ServiceDefaults.Tests.Telemetry;

public class TelemetryTests
{
    [Fact]
    public async Task Spans_of_ours_reach_the_configured_collector_at_the_latest_when_the_host_stops()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await LoopbackServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received[context.Request.Path] = System.Text.Encoding.Latin1.GetString(body.ToArray());
            context.Response.StatusCode = StatusCodes.Status200OK;
        });
        using var host = Host(new()
        {
            [TelemetrySettings.EndpointVariable] = collector.Address.AbsoluteUri,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "ledger-under-test",
        });

        await host.StartAsync();
        using (var source = new ActivitySource(TelemetryNames.Ledger))
        using (source.StartActivity("group-commit")) { }
        await host.StopAsync();

        Assert.Contains("group-commit", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("ledger-under-test", received["/v1/traces"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_signals_variables_are_enough_and_go_before_those_of_all()
    {
        var asked = new ConcurrentQueue<string>();
        await using var collector = await LoopbackServer.StartAsync(context =>
        {
            asked.Enqueue($"{context.Request.Path} {context.Request.Headers["x-key"]}");
            return Task.CompletedTask;
        });
        using var host = Host(new()
        {
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = new Uri(collector.Address, "/own/traces").AbsoluteUri,
            ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = "x-key=of-traces",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-key=of-all",
        });

        await host.StartAsync();
        using (var source = new ActivitySource(TelemetryNames.Ledger))
        using (source.StartActivity("group-commit")) { }
        await host.StopAsync();

        Assert.Equal(["/own/traces of-traces"], asked);
    }

    [Fact]
    public void Without_a_collector_nothing_is_collected()
    {
        using var host = Host([]);
        Assert.DoesNotContain(host.Services.GetServices<IHostedService>(), service =>
            service.GetType().Name.Contains("Telemetry", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_program_has_a_clock_to_inject()
    {
        using var host = Host([]);
        Assert.Same(TimeProvider.System, host.Services.GetRequiredService<TimeProvider>());
    }

    private static IHost Host(Dictionary<string, string?> settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        return builder.Build();
    }
}
