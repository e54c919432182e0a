using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.Testing.Telemetry;

/// <summary>A collector: takes OTLP as http/protobuf and keeps what it is sent.
/// https://opentelemetry.io/docs/specs/otlp/</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedSpan> spans = new();
    private readonly ConcurrentQueue<ReceivedMetric> metrics = new();
    private readonly ConcurrentQueue<ReceivedLog> logs = new();
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> resources = new();

    private OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>For OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf.</summary>
    public Uri Address => new(app.Urls.First());

    public IReadOnlyCollection<ReceivedSpan> Spans => spans;

    public IReadOnlyCollection<ReceivedMetric> Metrics => metrics;

    public IReadOnlyCollection<ReceivedLog> Logs => logs;

    public IReadOnlyCollection<IReadOnlyDictionary<string, string>> Resources => resources;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until something of what has come is not null.</summary>
    public async Task<T> WaitAsync<T>(string what, Func<OtlpReceiver, T?> find) where T : class
    {
        for (var begun = TimeProvider.System.GetTimestamp(); ; await Task.Delay(100))
        {
            if (find(this) is { } found) return found;
            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
                throw new TimeoutException($"no {what} among {spans.Count} spans, {metrics.Count} metrics, {logs.Count} lines: "
                    + string.Join(", ", spans.Select(s => $"{s.Service}:{s.Name}").Distinct().Take(60)));
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Keep(context.Request.Path.Value!, Inflated(body.ToArray(), context.Request.Headers.ContentEncoding));
    }

    private void Keep(string path, byte[] request)
    {
        foreach (var resource in OtlpMessages.Resources(request)) resources.Enqueue(resource);
        if (path.Contains("trace", StringComparison.OrdinalIgnoreCase))
            foreach (var span in OtlpMessages.Spans(request)) spans.Enqueue(span);
        else if (path.Contains("metrics", StringComparison.OrdinalIgnoreCase))
            foreach (var metric in OtlpMessages.Metrics(request)) metrics.Enqueue(metric);
        else
            foreach (var log in OtlpMessages.Logs(request)) logs.Enqueue(log);
    }

    private static byte[] Inflated(byte[] body, string? encoding)
    {
        if (encoding != "gzip") return body;
        using var plain = new MemoryStream();
        using (var inflating = new GZipStream(new MemoryStream(body), CompressionMode.Decompress)) inflating.CopyTo(plain);
        return plain.ToArray();
    }
}
