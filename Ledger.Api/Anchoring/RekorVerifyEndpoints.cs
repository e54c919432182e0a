using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Anchoring;
using Ledger.Core.Problems;
using Ledger.Core.Verification;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Anchoring;

/// <summary>Verifies anchors as ledger-verify does, for who has only HTTP. It is the operator's word: offline is better.</summary>
internal static class RekorVerifyEndpoints
{
    private const int BodyBytes = 1024 * 1024;
    private const int UuidCharacters = 256;

    private static readonly string[] Members = ["uuid", "bundle", "artifact_sha256", "refresh_proof"];

    public static void MapRekorVerify(this IEndpointRouteBuilder app) =>
        app.MapGroup("/api/v1/rekor").RequireAuthorization(Policies.Reader).WithTags("Verification").WithStrictQuery()
            .MapPost("/verify", VerifyAsync).WithName("verify-anchors").WithAllowedWhenSuspended()
            .WithSummary("Verify anchors again, by log entry, bundle or payload: every check with its code.")
            .Accepts<RekorVerifyRequest>("application/json");

    private static Task<Ok<RekorVerifyAnswer>> VerifyAsync(CurrentTenant tenant, HttpRequest request, AnchorInspection inspection,
        VerifyMetrics metrics, CancellationToken cancel) =>
        metrics.CountAsync("anchors", () => JudgeAsync(tenant, request, inspection, cancel), answer => answer.Value!.Verdict);

    private static async Task<Ok<RekorVerifyAnswer>> JudgeAsync(CurrentTenant tenant, HttpRequest request, AnchorInspection inspection,
        CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(request, BodyBytes, Members, cancel);
        var refresh = body.Flag("refresh_proof");
        if (body.OptionalText("uuid") is { } uuid)
        {
            if (uuid.Length is 0 or > UuidCharacters) throw Invalid("uuid", $"'uuid' must have 1 to {UuidCharacters} characters.");
            var found = await inspection.ByEntryIdAsync(tenant.Id, uuid, refresh, cancel);
            return found.Count > 0 ? Answer("uuid", found) : throw new LedgerProblemException(ProblemAnswer.NotFound);
        }
        if (body.OptionalObject("bundle") is { } bytes)
        {
            if (!SigstoreBundle.TryParse(bytes, out var bundle, out var failure))
                throw Invalid("bundle", $"'bundle' must be a Sigstore bundle v0.3 made with a plain key ({failure.Text()}).");
            return Answer("bundle", [await inspection.OfBundleAsync(tenant.Id, bundle, refresh, cancel)]);
        }
        if (body.OptionalText("artifact_sha256") is { } hex)
        {
            if (!Digest.TryParseHex(hex, out var artifact))
                throw Invalid("artifact_sha256", "'artifact_sha256' must be 64 lower-case hex digits.");
            return Answer("artifact_sha256", await inspection.OfArtifactAsync(tenant.Id, artifact, refresh, cancel)
                ?? throw new LedgerProblemException(ProblemAnswer.NotFound));
        }
        throw new LedgerProblemException(ProblemTypes.InvalidQuery, "One of uuid, bundle and artifact_sha256 is needed.");
    }

    private static Ok<RekorVerifyAnswer> Answer(string query, IReadOnlyList<InspectedAnchor> anchors) =>
        TypedResults.Ok(RekorVerifyAnswer.Of(query, anchors));

    private static LedgerProblemException Invalid(string field, string detail) => new(ProblemTypes.InvalidField, detail, field);
}
