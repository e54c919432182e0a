using Ledger.Api.Operations;
using Ledger.Api.Tenancy;
using Ledger.Core.Anchoring;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Anchoring;

/// <summary>The state of anchoring, for operators.</summary>
internal static class OverviewEndpoints
{
    private const string List = "admin-anchoring";

    public static void MapAnchoringOverview(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/admin/api/v1/anchoring").RequireAuthorization(Policies.Operator).WithTags("Operations").WithStrictQuery()
            .MapRead("", ListAsync).WithName("get-anchoring")
            .WithSummary("How far every tenant's anchoring is, why it waits, and the transparency logs.");
    }

    private static async Task<Ok<AnchoringBody>> ListAsync([FromQuery] string? cursor, [FromQuery] string? limit,
        AnchoringOverview overview, ListCursor cursors, HttpResponse response, CancellationToken cancel)
    {
        var most = QueryValue.Limit(limit);
        var after = cursor is null ? "" : await cursors.ReadAsync(List, cursor, cancel);
        var tenants = await overview.ListAsync(after, most + 1, cancel);
        var next = tenants.Count > most ? await cursors.WriteAsync(List, tenants[most - 1].Tenant.Value, cancel) : null;
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new AnchoringBody([.. (await overview.LogsAsync(cancel)).Select(WatchedLogBody.Of)],
            [.. tenants.Take(most).Select(TenantAnchoringBody.Of)], next));
    }
}
