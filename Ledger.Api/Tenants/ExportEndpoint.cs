using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Problems;
using Ledger.Core.Tenants;

namespace Ledger.Api.Tenants;

/// <summary>A tenant's log to take away: what `ledger-verify fsck` verifies without us.</summary>
internal static class ExportEndpoint
{
    private const string MediaType = "application/x-tar";

    // No HEAD: an export is an act, told of in the audit trail.
    public static void MapTenantExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/admin/api/v1/tenants/{tenant}/export", ExportAsync).RequireAuthorization(Policies.PlatformAdmin).WithSensitive()
            .WithTags("Tenants").WithStrictQuery().WithName("export-tenant")
            .WithSummary("Everything of a tenant's log up to its newest checkpoint as a tar; platform-audit's too.")
            .Produces<byte[]>(StatusCodes.Status200OK, MediaType);

    private static async Task<IResult> ExportAsync(string tenant, CurrentOperator who, TenantExport exports,
        CancellationToken cancel)
    {
        var name = TenantsEndpoints.Tenant(tenant);
        var log = await exports.BeginAsync(name, who.Principal, cancel) ?? throw new LedgerProblemException(ProblemAnswer.NotFound);
        return TypedResults.Stream(output => exports.WriteAsync(log, output, cancel), MediaType, $"{name}.tar");
    }
}
