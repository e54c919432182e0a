using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ledger.Testing.Telemetry;

/// <summary>A collector: takes OTLP as http/protobuf and over gRPC, and keeps what it is sent.
/// https://opentelemetry.io/docs/specs/otlp/</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    // Before a message over gRPC: whether it is compressed (1), and its length (4, big-endian).
    private const int GrpcPrefix = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedSpan> spans = new();
    private readonly ConcurrentDictionary<(string Trace, string Span), bool> seen = new();
    private readonly ConcurrentQueue<ReceivedMetric> metrics = new();
    private readonly ConcurrentQueue<ReceivedLog> logs = new();
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> resources = new();

    private OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>For OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>For OTEL_EXPORTER_OTLP_PROTOCOL=grpc. Its own: without TLS nobody tells by the first bytes which HTTP is spoken.</summary>
    public Uri GrpcAddress => new(app.Urls.Last());

    public IReadOnlyCollection<ReceivedSpan> Spans => spans;

    public IReadOnlyCollection<ReceivedMetric> Metrics => metrics;

    public IReadOnlyCollection<ReceivedLog> Logs => logs;

    public IReadOnlyCollection<IReadOnlyDictionary<string, string>> Resources => resources;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, http => http.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, grpc => grpc.Protocols = HttpProtocols.Http2);
        });
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
        if (context.Request.ContentType != "application/grpc")
        {
            Keep(context.Request.Path.Value!, Inflated(body.ToArray(), context.Request.Headers.ContentEncoding));
            return;
        }
        var (compressed, message) = (body.GetBuffer()[0] == 1, body.ToArray()[GrpcPrefix..]);
        Keep(context.Request.Path.Value!, Inflated(message, compressed ? "gzip" : null));
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[GrpcPrefix]); // an empty message: all was taken
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private void Keep(string path, byte[] request)
    {
        foreach (var resource in OtlpMessages.Resources(request)) resources.Enqueue(resource);
        if (path.Contains("trace", StringComparison.OrdinalIgnoreCase))
        {
            // OTLP delivers at least once: an exporter that was answered too late sends again.
            foreach (var span in OtlpMessages.Spans(request))
                if (seen.TryAdd((span.TraceId, span.SpanId), true)) spans.Enqueue(span);
        }
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
