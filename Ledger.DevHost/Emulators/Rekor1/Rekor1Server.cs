using System.Net.Http.Headers;
using System.Text;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor1.Answers;
using Ledger.DevHost.Emulators.Rekor1.Log;
using Ledger.DevHost.Emulators.Rekor1.Routes;

namespace Ledger.DevHost.Emulators.Rekor1;

/// <summary>The way of a request, in the order in which the real server refuses: CORS, path, method, media types, parameters.</summary>
internal sealed class Rekor1Server
{
    private const string Api = "/api/v1/log", Json = "application/json";

    private readonly Rekor1Log log;
    private readonly Func<Fault?, LogVoice> voices;
    private readonly Dictionary<string, Rekor1Path> endpoints;
    private readonly Rekor1Path byId;

    public Rekor1Server(Rekor1Log log, Func<Fault?, LogVoice> voices, TimeProvider time)
    {
        (this.log, this.voices) = (log, voices);
        var (logs, entries) = (new LogRoutes(log), new EntryRoutes(log, time));
        byId = new Rekor1Path(entries.ById, null, Json);
        endpoints = new(StringComparer.Ordinal)
        {
            [Api] = new(logs.Info, null, Json),
            [Api + "/publicKey"] = new(logs.PublicKey, null, "application/x-pem-file", Json),
            [Api + "/proof"] = new(logs.Proof, null, Json),
            [Api + "/entries"] = new(entries.ByIndex, entries.Create, Json),
            [Api + "/entries/retrieve"] = new(entries.ById, new RetrieveRoute(log).Retrieve, Json),
            ["/api/v1/index/retrieve"] = new(null, new IndexRoute(log).Search, Json),
        };
    }

    public async Task HandleAsync(HttpContext context)
    {
        var path = Cleaned(context.Request.Path.Value ?? "/");
        context.Response.Headers.Vary = "Origin";
        if (Cors.IsPreflight(context))
        {
            Cors.Answer(context);
            return;
        }
        if (context.Request.Headers.ContainsKey("Origin"))
            context.Response.Headers.AccessControlAllowOrigin = "*";
        var method = context.Request.Method;
        var answer = path == "/ping" && method is "GET" or "HEAD" ? new Rekor1Answer(200, "."u8.ToArray(), "text/plain")
            : path == "/" && method == "GET" ? new Rekor1Answer(200, "<!DOCTYPE html><title>Rekor</title>"u8.ToArray(), "text/html")
            : await AnswerAsync(context, path).ConfigureAwait(false);
        await SendAsync(context.Response, answer).ConfigureAwait(false);
    }

    private async ValueTask<Rekor1Answer> AnswerAsync(HttpContext context, string path)
    {
        var request = context.Request;
        if (!endpoints.TryGetValue(path, out var endpoint))
        {
            if (!path.StartsWith(Api + "/entries/", StringComparison.Ordinal) || path.Count(c => c == '/') != 5)
                return Rekor1Answer.Refusal(404, $"path {request.Path.Value} was not found");
            endpoint = byId;
        }
        if (endpoint.Of(request.Method) is not { } handle)
            return Rekor1Answer.Refusal(405, $"method {request.Method} is not allowed, but [{endpoint.Allow}] are") with
            {
                Allow = endpoint.Allow,
            };
        var mediaType = endpoint.Negotiate(request.Headers.Accept);
        if (request.Method == "GET")
        {
            NoCache(context.Response.Headers);
            if (mediaType is null)
                return Rekor1Answer.Refusal(406,
                    $"unsupported media type requested, only [{string.Join(' ', endpoint.MediaTypes)}] are available");
        }
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        if (body.Length > 0 && BadContentType(request.ContentType) is { } refusal)
            return refusal;
        var voice = voices(FaultMiddleware.DetailsOf(context));
        lock (log.Gate)
        {
            var answer = handle(new Rekor1Request(path, request.Query, body.ToArray(), mediaType ?? "", voice));
            // Nothing that the client accepts: it is answered all the same, without saying what this is.
            return mediaType is null ? answer with { MediaType = "" } : answer;
        }
    }

    private static Rekor1Answer? BadContentType(string? given)
    {
        var type = string.IsNullOrEmpty(given) ? "application/octet-stream" : given;
        if (!type.Contains('/', StringComparison.Ordinal) || !MediaTypeHeaderValue.TryParse(type, out var parsed))
            return Rekor1Answer.Refusal(400,
                $"parsing Content-Type header from \"{type}\" failed, because mediatype: malformed: \"{type}\" has no subtype");
        return parsed.MediaType == Json
            ? null
            : Rekor1Answer.Refusal(415, $"unsupported media type \"{parsed.MediaType}\", only [{Json}] are allowed");
    }

    private static void NoCache(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-cache, no-store, no-transform, must-revalidate, private, max-age=0";
        headers.Expires = "Thu, 01 Jan 1970 00:00:00 GMT";
        headers.Pragma = "no-cache";
        headers["X-Accel-Expires"] = "0";
    }

    private static string Cleaned(string path)
    {
        var cleaned = new StringBuilder();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            cleaned.Append('/').Append(part);
        return cleaned.Length == 0 ? "/" : path == "/ping/" ? path : cleaned.ToString();
    }

    private static async Task SendAsync(HttpResponse response, Rekor1Answer answer)
    {
        response.StatusCode = answer.Status;
        if (answer.Allow is not null)
            response.Headers.Allow = answer.Allow;
        if (answer.Etag is not null)
            response.Headers.ETag = answer.Etag;
        if (answer.Location is not null)
            response.Headers.Location = answer.Location;
        response.ContentLength = answer.Body?.Length ?? 0;
        if (answer.Body is null)
            return;
        if (answer.MediaType.Length > 0)
            response.ContentType = answer.MediaType;
        await response.Body.WriteAsync(answer.Body, response.HttpContext.RequestAborted).ConfigureAwait(false);
    }
}
