using Ledger.Api.Entries;
using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Anchoring;
using Ledger.Core.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Anchoring;

/// <summary>What the tenant wants anchored, how often, and whether it would rather not write than write unwitnessed.</summary>
internal static class PolicyEndpoints
{
    public static void MapPolicy(this IEndpointRouteBuilder app)
    {
        var policy = app.MapGroup("/api/v1/policy").WithTags("Anchors").WithStrictQuery();
        policy.MapRead("", FindAsync).RequireAuthorization(Policies.Reader).WithName("get-policy").WithSummary("The anchoring policy.");
        policy.MapPut("", ReplaceAsync).RequireAuthorization(Policies.ClientAdmin).WithSensitive().WithName("put-policy")
            .WithSummary("Replace the anchoring policy; it holds from the next append on.").Accepts<PolicyRequest>("application/json");
    }

    private static async Task<Ok<PolicyBody>> FindAsync(CurrentTenant tenant, AnchorPolicyStore policies, EffectiveInterval interval,
        CancellationToken cancel)
    {
        var policy = await policies.FindAsync(tenant.Id, cancel) ?? throw new LedgerProblemException(ProblemAnswer.NotFound);
        return TypedResults.Ok(PolicyBody.Of(policy, await interval.OfAsync(policy, cancel)));
    }

    private static async Task<Ok<PolicyBody>> ReplaceAsync(CurrentTenant tenant, HttpRequest request, AnchorPolicyStore policies,
        EffectiveInterval interval, CancellationToken cancel)
    {
        var body = await RequestBody.ReadAsync(request, PolicyLimits.BodyBytes, cancel);
        var policy = AnchorPolicyBody.Read(body.Span);
        var effective = await interval.CheckAsync(policy, cancel);
        if (!await policies.ReplaceAsync(tenant.Id, policy, tenant.Principal, cancel))
            throw new LedgerProblemException(ProblemAnswer.NotFound);
        return TypedResults.Ok(PolicyBody.Of(policy, effective));
    }
}
