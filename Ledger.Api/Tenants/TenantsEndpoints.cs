using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Tenants;

/// <summary>The tenants of this ledger, for platform administrators: docs/tenants.md.</summary>
internal static class TenantsEndpoints
{
    private const string Root = "/admin/api/v1/tenants";

    public static void MapTenants(this IEndpointRouteBuilder app)
    {
        var tenants = app.MapGroup(Root).RequireAuthorization(Policies.PlatformAdmin).WithTags("Tenants").WithStrictQuery();
        tenants.MapRead("", ListAsync).WithName("list-tenants").WithSummary("All tenants, by name.");
        tenants.MapPost("", AddAsync).WithSensitive().WithName("add-tenant").Accepts<TenantRequest>("application/json")
            .WithSummary("Ask for a tenant; the workers open it. The same request again says where it is.")
            .Produces<TenantBody>(StatusCodes.Status202Accepted).Produces<TenantBody>();
        tenants.MapRead("/{tenant}", FindAsync).WithName("get-tenant").WithSummary("One tenant, and how far its opening is.");
        tenants.MapPut("/{tenant}/limits", LimitAsync).WithName("put-tenant-limits").WithSummary("Replace a tenant's limits.")
            .Accepts<TenantLimitsBody>("application/json");
        tenants.MapPost("/{tenant}/suspend", SuspendAsync).WithSensitive().WithName("suspend-tenant")
            .WithSummary("From the answer on the tenant writes nothing more; it reads.").Accepts<SuspendRequest>("application/json");
        tenants.MapPost("/{tenant}/resume", ResumeAsync).WithSensitive().WithName("resume-tenant")
            .WithSummary("The tenant writes again.");
    }

    private static async Task<Ok<TenantList>> ListAsync([FromQuery] string? cursor, [FromQuery] string? limit, TenantDirectory tenants,
        ListCursor cursors, CancellationToken cancel)
    {
        var most = QueryValue.Limit(limit);
        var after = cursor is null ? null : await cursors.ReadAsync("tenants", cursor, cancel);
        var found = await tenants.ListAsync(after, most + 1, cancel);
        var page = found.Take(most).ToList();
        var next = found.Count > most ? await cursors.WriteAsync("tenants", page[^1].Tenant.Value, cancel) : null;
        return TypedResults.Ok(new TenantList([.. page.Select(TenantBody.Of)], next));
    }

    private static async Task<IResult> AddAsync(HttpRequest request, CurrentOperator who, TenantDirectory tenants, CancellationToken cancel)
    {
        var asked = await TenantRequests.ReadNewAsync(request, cancel);
        var (tenant, isNew) = await tenants.AddAsync(asked, who.Principal, cancel);
        var answer = TenantBody.Of(tenant);
        return isNew ? TypedResults.Accepted($"{Root}/{tenant.Tenant}", answer) : TypedResults.Ok(answer);
    }

    private static async Task<Ok<TenantBody>> FindAsync(string tenant, TenantDirectory tenants, CancellationToken cancel) =>
        Answer(await tenants.FindAsync(Tenant(tenant), cancel));

    private static async Task<Ok<TenantBody>> LimitAsync(string tenant, HttpRequest request, CurrentOperator who, TenantDirectory tenants,
        CancellationToken cancel)
    {
        var limits = await TenantRequests.ReadLimitsAsync(request, cancel);
        return Answer(await tenants.LimitAsync(Tenant(tenant), limits, who.Principal, cancel));
    }

    private static async Task<Ok<TenantBody>> SuspendAsync(string tenant, HttpRequest request, CurrentOperator who, TenantDirectory tenants,
        CancellationToken cancel)
    {
        var reason = await TenantRequests.ReadReasonAsync(request, cancel);
        return Answer(await tenants.SuspendAsync(Tenant(tenant), reason, who.Principal, cancel));
    }

    private static async Task<Ok<TenantBody>> ResumeAsync(string tenant, CurrentOperator who, TenantDirectory tenants,
        CancellationToken cancel) =>
        Answer(await tenants.ResumeAsync(Tenant(tenant), who.Principal, cancel));

    internal static TenantId Tenant(string text) =>
        TenantId.TryParse(text, out var tenant) ? tenant : throw new LedgerProblemException(ProblemAnswer.NotFound);

    private static Ok<TenantBody> Answer(TenantView? tenant) =>
        TypedResults.Ok(TenantBody.Of(tenant ?? throw new LedgerProblemException(ProblemAnswer.NotFound)));
}
