using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A request that a scripted server got.</summary>
/// <param name="Headers">Their names.</param>
internal sealed record Received(
    string Method, string Path, byte[] Body, string? ContentType, string Accept, IReadOnlyCollection<string> Headers);

/// <summary>A real HTTP server on a loopback port that answers as it is told, so that connections can break as real ones do.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Queue<Reply>> script = new();

    private ScriptedServer(WebApplication app)
    {
        this.app = app;
        app.Run(AnswerAsync);
    }

    public Uri Url => new(app.Urls.First());

    /// <summary>Everything asked so far, in order.</summary>
    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>Answers what the script does not know; null leaves it at 404.</summary>
    public Func<string, string, Reply?>? Otherwise { get; set; }

    public static async Task<ScriptedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new ScriptedServer(builder.Build());
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Answers these in turn, the last one again and again.</summary>
    public ScriptedServer On(string method, string path, params Reply[] replies)
    {
        script[$"{method} {path}"] = new Queue<Reply>(replies);
        return this;
    }

    /// <summary>Answers what was recorded, at the recorded method and path.</summary>
    public ScriptedServer On(params Exchange[] exchanges)
    {
        foreach (var exchange in exchanges) On(exchange.Method, exchange.Path, Reply.Of(exchange));
        return this;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var path = new Uri(context.Request.GetDisplayUrl()).PathAndQuery;
        var request = context.Request;
        Requests.Enqueue(new(request.Method, path, body.ToArray(), request.ContentType, request.Headers.Accept.ToString(),
            [.. request.Headers.Keys]));
        await (Next(request.Method, path) ?? Reply.Of(404, "")).Send(context);
    }

    private Reply? Next(string method, string path)
    {
        if (!script.TryGetValue($"{method} {path}", out var replies)) return Otherwise?.Invoke(method, path);
        lock (replies) return replies.Count > 1 ? replies.Dequeue() : replies.Peek();
    }
}
