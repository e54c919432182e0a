using Ledger.Api.Anchoring;
using Ledger.Api.Operations;
using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;
using Ledger.Core.Problems;
using Ledger.Verify.Merkle;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Checkpoints;

/// <summary>A log as C2SP tlog-tiles serves it (https://c2sp.org/tlog-tiles), and the operator's claim of its keys.</summary>
internal static class LogEndpoints
{
    // A tile's bytes are the same for ever, full or partial: partial ones of the same path are prefixes of a tree that only grows.
    private const string Immutable = "max-age=31536000, immutable";

    public static void MapLog(this IEndpointRouteBuilder app)
    {
        MapForms(app.MapGroup("/log/{tenant}").AllowAnonymous().WithTags("Log"), "");
        MapForms(app.MapGroup("/log/{tenant}/{epoch}").AllowAnonymous().WithTags("Log"), "-of-epoch");
    }

    private static void MapForms(RouteGroupBuilder log, string suffix)
    {
        log.MapRead("/checkpoint", CheckpointAsync).WithName("get-log-checkpoint" + suffix)
            .WithSummary("The newest checkpoint as a signed note.")
            .Produces<string>(StatusCodes.Status200OK, Exact.TextMediaType);
        log.MapRead("/tile/{level}/{**rest}", TileAsync).WithName("get-log-tile" + suffix)
            .WithSummary("A tile's hashes; level entries: its leaves.")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream");
        log.MapRead("/keys", KeysAsync).WithName("get-log-keys" + suffix)
            .WithSummary("trust.json of the tenant's logs: the operator's claim, to be pinned.")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/json");
        log.MapRead("/anchors", AnchorsEndpoints.OfLogAsync).WithStrictQuery().WithName("list-log-anchors" + suffix)
            .WithSummary("Every anchored checkpoint, newest first, with the Sigstore bundles.");
    }

    private static async Task<FileContentHttpResult> CheckpointAsync(
        string tenant, HttpContext context, LogAccess access, CheckpointReader checkpoints, CancellationToken cancel)
    {
        var log = await access.OpenAsync(context, tenant, Epoch(context));
        var latest = await checkpoints.LatestAsync(log.Tenant, log.Epoch, cancel) ?? throw LogAccess.Nothing();
        context.Response.Headers.CacheControl = "no-cache";
        return Exact.Text(latest.Note);
    }

    private static async Task<FileContentHttpResult> TileAsync(
        string tenant, string level, string? rest, HttpContext context, LogAccess access, ProofReader proofs, CancellationToken cancel)
    {
        var log = await access.OpenAsync(context, tenant, Epoch(context));
        var bytes = await ReadAsync(log, $"tile/{level}/{rest}", proofs, cancel) ?? throw LogAccess.Nothing();
        context.Response.Headers.CacheControl = $"{LogAccess.Scope(log)}, {Immutable}";
        return Exact.Bytes(bytes, "application/octet-stream");
    }

    private static async Task<FileContentHttpResult> KeysAsync(string tenant, HttpContext context, LogAccess access, TrustFileReader trust,
        TransparencyLogs transparency, CancellationToken cancel)
    {
        var log = await access.OpenAsync(context, tenant, Epoch(context));
        var file = await trust.ReadAsync(log.Tenant, cancel) ?? throw LogAccess.Nothing();
        context.Response.Headers.CacheControl = "no-cache";
        if (transparency.All.Count > 0) file = file with { TrustedRoot = transparency.Root };
        return Exact.Bytes(file.ToBytes(), "application/json");
    }

    private static Task<byte[]?> ReadAsync(LogView log, string path, ProofReader proofs, CancellationToken cancel) =>
        EntryBundleId.TryParsePath(path, out var bundle)
            ? proofs.EntryBundleAsync(log.Tenant, log.Epoch, bundle.Index, bundle.Width, cancel)
        : TileId.TryParsePath(path, out var tile) ? proofs.TileAsync(log.Tenant, log.Epoch, tile, cancel)
        : Task.FromResult<byte[]?>(null);

    private static string? Epoch(HttpContext context) => context.GetRouteValue("epoch") as string;
}
