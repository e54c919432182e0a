using Ledger.Api.Anchoring;
using Ledger.Api.Checkpoints;
using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Anchoring;
using Ledger.Core.Problems;
using Ledger.Core.Verification;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Verification;

/// <summary>The operator's own check of a tenant's stored chain, row by row.</summary>
internal static class ChainProofEndpoints
{
    public static void MapChainProof(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/chain").RequireAuthorization(Policies.Reader).WithTags("Verification").WithStrictQuery()
            .MapRead("/proof", CheckAsync).WithName("get-chain-proof")
                .WithSummary("Recompute the newest entries of the chain; with full=true all, or from to to.");
    }

    private static async Task<Results<Ok<ChainProofAnswer>, ProblemResult>> CheckAsync(
        CurrentTenant tenant, [FromQuery] string? full, [FromQuery] string? from, [FromQuery] string? to, ChainProof chain,
        CheckpointJson json, AnchorReader anchors, TransparencyLogs transparency, VerifyMetrics metrics, CancellationToken cancel)
    {
        var whole = QueryValue.Flag(full, "full") ?? false;
        var (first, last) = (QueryValue.Number(from, "from"), QueryValue.Number(to, "to"));
        if (!whole && (from ?? to) is not null)
            throw new LedgerProblemException(ProblemTypes.InvalidParameter, "'from' and 'to' need full=true.",
                from is null ? "to" : "from");
        if (last < first) throw new LedgerProblemException(ProblemTypes.InvalidParameter, "'to' must not be less than 'from'.", "to");

        var result = await metrics.CountAsync("chain", () => chain.CheckAsync(tenant.Id, whole, first, last, cancel),
            checkedChain => checkedChain.Mismatch is null ? "verified" : "failed");
        if (result.Mismatch is not { } mismatch)
        {
            var checkpoints = result.Checkpoint is { } latest ? await json.BodiesAsync([latest], result.Origin, cancel) : [];
            var newest = await anchors.NewestAsync(tenant.Id, result.Epoch, AnchorsEndpoints.PrimaryOf(transparency), cancel);
            return TypedResults.Ok(ChainProofAnswer.Of(result, checkpoints is [var checkpoint, ..] ? checkpoint : null,
                newest is [var anchor, ..] ? AnchorBody.Of(anchor) : null));
        }
        var problem = new LedgerProblem(ProblemTypes.FactChainMismatch, $"The stored chain does not verify at seq {mismatch.ChainSeq}.");
        return new ProblemResult(problem, body => body with { MismatchReason = mismatch.Reason.Slug(), ChainSeq = mismatch.ChainSeq });
    }
}
