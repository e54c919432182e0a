using Ledger.Api.Checkpoints;
using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;
using Ledger.Core.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Anchoring;

/// <summary>What transparency logs hold of the tenant's log, and the files with which anybody can check it.</summary>
internal static class AnchorsEndpoints
{
    public const string BundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    public static void MapAnchors(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/anchors").RequireAuthorization(Policies.Reader).WithTags("Anchors").WithStrictQuery()
            .MapRead("", ListAsync).WithName("list-anchors").WithSummary("Every anchor of the log, with its Sigstore bundle.");
        var checkpoint = app.MapGroup("/checkpoints/{size}").RequireAuthorization(Policies.Reader).WithTags("Checkpoints")
            .WithStrictQuery();
        checkpoint.MapRead("/anchor.sigstore.json", BundleAsync).WithName("get-checkpoint-anchor")
            .WithSummary("The checkpoint's anchor as a Sigstore bundle v0.3; without log, the primary log's, else the first.")
            .Produces<byte[]>(StatusCodes.Status200OK, BundleMediaType);
        checkpoint.MapRead("/body", BodyAsync).WithName("get-checkpoint-body")
            .WithSummary("The three lines that an anchor's signature is over.")
            .Produces<string>(StatusCodes.Status200OK, Exact.TextMediaType);
    }

    private static async Task<Ok<AnchorList>> ListAsync(
        CurrentTenant tenant, [FromQuery] string? epoch, [FromQuery] string? kind, [FromQuery] string? cursor, [FromQuery] string? limit,
        LogReader logs, AnchorPages pages, CancellationToken cancel)
    {
        var kinds = Kinds(kind);
        return TypedResults.Ok(await pages.ReadAsync(await LogAsync(tenant, epoch, logs, cancel), kinds, cursor, limit, cancel));
    }

    /// <summary>Of a log that anybody may read: checkpoints alone. What payload or attestation is whose, the tenant may say.</summary>
    public static async Task<Ok<AnchorList>> OfLogAsync(
        string tenant, HttpContext context, [FromQuery] string? cursor, [FromQuery] string? limit, LogAccess access, AnchorPages pages,
        CancellationToken cancel)
    {
        var log = await access.OpenAsync(context, tenant, context.GetRouteValue("epoch") as string);
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Ok(await pages.ReadAsync(log, [AnchorKind.Checkpoint], cursor, limit, cancel));
    }

    private static async Task<FileContentHttpResult> BundleAsync(
        string size, CurrentTenant tenant, [FromQuery] string? epoch, [FromQuery] string? log, LogReader logs, AnchorReader anchors,
        TransparencyLogs transparency, CancellationToken cancel)
    {
        var wanted = QueryValue.Hash(log, "log")?.ToHex();
        var ours = await LogAsync(tenant, epoch, logs, cancel);
        var files = QueryValue.IsNumber(size, out var position)
            ? await anchors.FilesAsync(tenant.Id, ours.Epoch, AnchorKind.Checkpoint, position, wanted, PrimaryOf(transparency), cancel)
            : [];
        return files is [var first, ..] ? Exact.Bytes(first.SigstoreBundle, BundleMediaType)
            : throw new LedgerProblemException(ProblemAnswer.NotFound);
    }

    private static async Task<FileContentHttpResult> BodyAsync(
        string size, CurrentTenant tenant, [FromQuery] string? epoch, LogReader logs, CheckpointReader checkpoints,
        CancellationToken cancel)
    {
        var log = await LogAsync(tenant, epoch, logs, cancel);
        return QueryValue.IsNumber(size, out var wanted) && await checkpoints.FindAsync(tenant.Id, log.Epoch, wanted, cancel) is { } found
            ? Exact.Text(new Verify.Checkpoints.Checkpoint(log.Origin, found.Size, found.Root).Body())
            : throw new LedgerProblemException(ProblemAnswer.NotFound);
    }

    /// <summary>The primary log's id; null where none is configured.</summary>
    public static string? PrimaryOf(TransparencyLogs transparency) => transparency.Primary?.Trusted.LogId.ToHex();

    private static IReadOnlyList<AnchorKind> Kinds(string? kind) => kind switch
    {
        null => AnchorPages.AllKinds,
        "checkpoint" or "payload" or "attestation" => [AnchorKinds.Parse(kind)],
        _ => throw new LedgerProblemException(ProblemTypes.InvalidParameter, "'kind' must be checkpoint, payload or attestation.", "kind"),
    };

    private static async Task<LogView> LogAsync(CurrentTenant tenant, string? epoch, LogReader logs, CancellationToken cancel) =>
        await logs.FindAsync(tenant.Id, QueryValue.Epoch(epoch), cancel) ?? throw new LedgerProblemException(ProblemAnswer.NotFound);
}
