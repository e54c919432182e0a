using System.Text;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor2.Log;
using Ledger.DevHost.Emulators.Rekor2.Routes;

namespace Ledger.DevHost.Emulators.Rekor2;

/// <summary>Writes go to what stands for rekor-server, reads to what stands for the file server in front of it.</summary>
internal sealed class Rekor2Server(Rekor2Log log, Func<FaultMode, LogVoice> voices, TimeProvider time)
{
    private const string Tiles = "/api/v2/tile/";

    public Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var isTile = path.StartsWith(Tiles, StringComparison.Ordinal);
        if (path == "/api/v2/log/entries")
            return CreateAsync(context);
        if (!isTile && path is not ("/api/v2/checkpoint" or "/healthz"))
            return Rekor2Answer.NotFound.SendAsync(context);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return Rekor2Answer.WrongMethod.SendAsync(context);
        if (isTile)
            return SendTileAsync(context, path[Tiles.Length..]);
        return path == "/healthz"
            ? new Rekor2Answer(200, "{\"status\":\"SERVING\"}\n"u8.ToArray()).SendAsync(context)
            : SendCheckpointAsync(context);
    }

    private async Task CreateAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await Rekor2Answer.WrongMethod.SendAsync(context).ConfigureAwait(false);
            return;
        }
        var body = await BodyAsync(context.Request).ConfigureAwait(false);
        Rekor2Answer answer;
        if (body is null)
            answer = Rekor2Answer.Error(400, 3, "http: request body too large") with { Closes = true };
        else
        {
            lock (log.Gate)
                answer = CreateRoute.Create(log, voices(FaultMiddleware.Of(context)), body);
        }
        await answer.SendAsync(context).ConfigureAwait(false);
    }

    private async Task SendCheckpointAsync(HttpContext context)
    {
        string note;
        lock (log.Gate)
        {
            var voice = voices(FaultMiddleware.Of(context));
            note = voice.Checkpoint(voice.Size);
        }
        context.Response.Headers.CacheControl = "no-cache";
        await FileAsync(context, Encoding.UTF8.GetBytes(note), "text/plain; charset=utf-8", null).ConfigureAwait(false);
    }

    private async Task SendTileAsync(HttpContext context, string path)
    {
        (byte[] Content, DateTimeOffset LastModified)? file = null;
        if (TilePath.TryParse(path) is { } tile)
        {
            lock (log.Gate)
                file = TileRoute.Find(log, voices(FaultMiddleware.Of(context)), tile, time.GetUtcNow());
        }
        if (file is not { } found)
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            await Rekor2Answer.NoSuchFile.SendAsync(context).ConfigureAwait(false);
            return;
        }
        context.Response.Headers.CacheControl = "max-age=604800,immutable";
        await FileAsync(context, found.Content, "application/octet-stream", found.LastModified).ConfigureAwait(false);
    }

    private static Task FileAsync(HttpContext context, byte[] content, string type, DateTimeOffset? lastModified) =>
        Results.Bytes(content, type, enableRangeProcessing: true, lastModified: lastModified).ExecuteAsync(context);

    // Null: too long.
    private static async Task<byte[]?> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        var part = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(part, request.HttpContext.RequestAborted).ConfigureAwait(false)) > 0)
        {
            body.Write(part, 0, read);
            if (body.Length > CreateRoute.BodyBytes)
                return null;
        }
        return body.ToArray();
    }
}
