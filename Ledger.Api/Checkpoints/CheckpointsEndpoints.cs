using System.Globalization;
using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Checkpoints;
using Ledger.Core.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Checkpoints;

/// <summary>The signed heads of the tenant's own log, and proofs that later ones extend earlier ones.</summary>
internal static class CheckpointsEndpoints
{
    public static void MapCheckpoints(this IEndpointRouteBuilder app)
    {
        var checkpoints = app.MapGroup("/checkpoints").RequireAuthorization(Policies.Reader).WithTags("Checkpoints").WithStrictQuery();
        checkpoints.MapRead("", ListAsync).WithName("list-checkpoints").WithSummary("Checkpoints, newest first.");
        checkpoints.MapRead("/latest", LatestAsync).WithName("get-latest-checkpoint")
            .WithSummary("The newest checkpoint; text/plain is the signed note.")
            .Produces<CheckpointBody>().WithTextForm();
        checkpoints.MapRead("/consistency", ConsistencyAsync).WithName("get-consistency-proof")
            .WithSummary("Consistency proof between two checkpoints' sizes.");
        checkpoints.MapRead("/{size}", FindAsync).WithName("get-checkpoint")
            .WithSummary("The checkpoint of one size; text/plain is the signed note.")
            .Produces<CheckpointBody>().WithTextForm();
    }

    private static async Task<Ok<CheckpointList>> ListAsync(
        CurrentTenant tenant, [FromQuery] string? epoch, [FromQuery] string? cursor, [FromQuery] string? limit,
        LogReader logs, CheckpointReader checkpoints, CheckpointJson json, ListCursor cursors, CancellationToken cancel)
    {
        var most = QueryValue.Limit(limit);
        var log = await LogAsync(tenant, epoch, logs, cancel);
        var list = $"checkpoints {log.Tenant} {log.Epoch}";
        long? before = cursor is null ? null
            : long.Parse(await cursors.ReadAsync(list, cursor, cancel), CultureInfo.InvariantCulture);
        var found = await checkpoints.ListAsync(tenant.Id, log.Epoch, before, most + 1, cancel);
        var page = found.Count > most ? [.. found.Take(most)] : found;
        var next = found.Count > most
            ? await cursors.WriteAsync(list, page[^1].Size.ToString(CultureInfo.InvariantCulture), cancel) : null;
        return TypedResults.Ok(new CheckpointList(await json.BodiesAsync(page, log.Origin, cancel), next));
    }

    private static async Task<IResult> LatestAsync(
        CurrentTenant tenant, [FromQuery] string? epoch, HttpRequest request, LogReader logs, CheckpointReader checkpoints,
        CheckpointJson json, CancellationToken cancel)
    {
        var log = await LogAsync(tenant, epoch, logs, cancel);
        return await AnswerAsync(request, await checkpoints.LatestAsync(tenant.Id, log.Epoch, cancel), log, json, cancel);
    }

    private static async Task<IResult> FindAsync(
        string size, CurrentTenant tenant, [FromQuery] string? epoch, HttpRequest request, LogReader logs, CheckpointReader checkpoints,
        CheckpointJson json, CancellationToken cancel)
    {
        var log = await LogAsync(tenant, epoch, logs, cancel);
        if (!QueryValue.IsNumber(size, out var wanted)) throw new LedgerProblemException(ProblemAnswer.NotFound);
        return await AnswerAsync(request, await checkpoints.FindAsync(tenant.Id, log.Epoch, wanted, cancel), log, json, cancel);
    }

    private static async Task<Ok<ConsistencyAnswer>> ConsistencyAsync(
        CurrentTenant tenant, [FromQuery] string? from, [FromQuery] string? to, [FromQuery] string? epoch,
        LogReader logs, CheckpointReader checkpoints, ProofReader proofs, CancellationToken cancel)
    {
        var (first, second) = (QueryValue.RequiredNumber(from, "from"), QueryValue.RequiredNumber(to, "to"));
        if (first < 1)
            throw new LedgerProblemException(
                ProblemTypes.InvalidParameter, "'from' must be at least 1: an empty tree proves nothing.", "from");
        if (second < first) throw new LedgerProblemException(ProblemTypes.InvalidParameter, "'to' must not be less than 'from'.", "to");
        var log = await LogAsync(tenant, epoch, logs, cancel);
        // Roots are believed from signed checkpoints only, so both sizes must be ones that were signed.
        if (await checkpoints.FindAsync(tenant.Id, log.Epoch, first, cancel) is not { } older
            || await checkpoints.FindAsync(tenant.Id, log.Epoch, second, cancel) is not { } newer)
            throw new LedgerProblemException(ProblemAnswer.NotFound);
        var hashes = await proofs.ConsistencyAsync(tenant.Id, log.Epoch, first, second, cancel);
        return TypedResults.Ok(new ConsistencyAnswer(log.Origin, first, older.Root.ToHex(), second, newer.Root.ToHex(),
            [.. hashes.Select(hash => hash.ToHex())]));
    }

    private static async Task<LogView> LogAsync(CurrentTenant tenant, string? epoch, LogReader logs, CancellationToken cancel) =>
        await logs.FindAsync(tenant.Id, QueryValue.Epoch(epoch), cancel) ?? throw new LedgerProblemException(ProblemAnswer.NotFound);

    private static async Task<IResult> AnswerAsync(HttpRequest request, StoredCheckpoint? checkpoint, LogView log, CheckpointJson json,
        CancellationToken cancel)
    {
        if (checkpoint is null) throw new LedgerProblemException(ProblemAnswer.NotFound);
        return Negotiation.PrefersText(request) ? Exact.Text(checkpoint.Note)
            : TypedResults.Ok((await json.BodiesAsync([checkpoint], log.Origin, cancel))[0]);
    }
}
