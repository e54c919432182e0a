using System.Text.Json;
using Ledger.Core.Anchoring;
using Ledger.Verify;
using Ledger.Verify.Verification;

namespace Ledger.Api.Anchoring;

/// <summary>What to verify: the first given of <paramref name="Uuid"/>, <paramref name="Bundle"/>,
/// <paramref name="ArtifactSha256"/>.</summary>
/// <param name="Uuid">A transparency log's id of an anchor of the tenant's: its <c>entry_id</c>, an entry's <c>rekor_log_id</c>.</param>
/// <param name="Bundle">A Sigstore bundle v0.3 by a key of the tenant's.</param>
/// <param name="ArtifactSha256">The payload of one of the tenant's entries, as 64 lower-case hex digits.</param>
/// <param name="RefreshProof">Fetch the log's proof again instead of judging the stored one.</param>
public sealed record RekorVerifyRequest(
    string? Uuid = null, JsonElement? Bundle = null, string? ArtifactSha256 = null, bool RefreshProof = false);

/// <param name="Query"><c>uuid</c>, <c>bundle</c> or <c>artifact_sha256</c>: by which of them it was looked for.</param>
/// <param name="Verdict"><c>verified</c>; <c>failed</c> when any check of any anchor did; <c>not-anchored</c> where none is there
/// yet.</param>
public sealed record RekorVerifyAnswer(string Query, string Verdict, IReadOnlyList<RekorVerifyResult> Results)
{
    public const string NotAnchored = "not-anchored";

    internal static RekorVerifyAnswer Of(string query, IReadOnlyList<InspectedAnchor> anchors) => new(query,
        anchors.Count == 0 ? NotAnchored
            : (anchors.Any(anchor => anchor.Verdict == Verify.Verification.Verdict.Failed) ? Verify.Verification.Verdict.Failed
                : Verify.Verification.Verdict.Verified).Spelled(),
        [.. anchors.Select(RekorVerifyResult.Of)]);
}

/// <param name="Anchor">Which anchor; absent for a bundle from the request.</param>
/// <param name="Proof"><c>stored</c>, <c>given</c>, or <c>fresh</c> from the log.</param>
/// <param name="Checks">As <c>ledger-verify</c> names them, with its codes.</param>
public sealed record RekorVerifyResult(AnchorBody? Anchor, string Proof, string Verdict, IReadOnlyList<RekorCheck> Checks)
{
    internal static RekorVerifyResult Of(InspectedAnchor anchor) => new(
        anchor.Anchor is { } known ? AnchorBody.Of(known) : null, anchor.IsFresh ? "fresh" : anchor.Anchor is null ? "given" : "stored",
        anchor.Verdict.Spelled(), [.. anchor.Checks.Select(RekorCheck.Of)]);
}

/// <param name="Outcome"><c>pass</c>, <c>fail</c> or <c>absent</c>.</param>
/// <param name="Code">Why it failed.</param>
public sealed record RekorCheck(string Check, string Outcome, string? Code)
{
    internal static RekorCheck Of(Check check) => new(check.Name,
        check.Outcome switch { CheckOutcome.Pass => "pass", CheckOutcome.Fail => "fail", _ => "absent" }, check.Code?.Text());
}
