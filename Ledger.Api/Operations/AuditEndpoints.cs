using Ledger.Api.Entries;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Checkpoints;
using Ledger.Core.Entries;
using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Operations;

/// <summary>The audit trail: found here, proved by its log.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        var audit = app.MapGroup("/admin/api/v1/audit").RequireAuthorization(Policies.PlatformAdmin).WithTags("Operations")
            .WithStrictQuery();
        audit.MapRead("", ListAsync).WithName("list-audit-events").WithSummary("Who did what to what, the newest first.");
        audit.MapRead("/{id}/bundle", BundleAsync).WithName("get-audit-bundle")
            .WithSummary("Everything needed to verify one event offline, as RFC 8785 bytes.")
            .Produces<byte[]>(StatusCodes.Status200OK, EntriesEndpoints.BundleMediaType);
    }

    private static async Task<Ok<AuditList>> ListAsync([AsParameters] AuditQuery query, AuditReader audit, ListCursor cursors,
        LogReader logs, CheckpointReader checkpoints, CancellationToken cancel)
    {
        var (filter, most) = (query.ToFilter(), QueryValue.Limit(query.Limit));
        var after = query.Cursor is null ? null : AuditQuery.Place(await cursors.ReadAsync(query.List, query.Cursor, cancel));
        var found = await audit.ListAsync(filter, after, most + 1, cancel);
        var page = found.Take(most).ToList();
        var next = found.Count > most ? await cursors.WriteAsync(query.List, AuditQuery.Text(page[^1].Place), cancel) : null;
        return TypedResults.Ok(new AuditList([.. page.Select(AuditEventBody.Of)], await HeadAsync(logs, checkpoints, cancel), next));
    }

    private static async Task<AuditHeadBody> HeadAsync(LogReader logs, CheckpointReader checkpoints, CancellationToken cancel)
    {
        // A ledger that never had a tenant has no trail yet.
        if (await logs.FindAsync(TenantId.PlatformAudit, null, cancel) is not { } log)
            throw new LedgerProblemException(ProblemAnswer.NotFound);
        var latest = await checkpoints.LatestAsync(log.Tenant, log.Epoch, cancel);
        return new AuditHeadBody(log.Origin, log.Epoch, latest?.Size ?? 0);
    }

    private static async Task<FileContentHttpResult> BundleAsync(string id, EntryReader entries, BundleReader bundles,
        CancellationToken cancel)
    {
        var entry = EntryId.Parse(id);
        if (await bundles.FindAsync(TenantId.PlatformAudit, entry, cancel) is { } bundle)
            return Exact.Bytes(bundle.ToBytes(), EntriesEndpoints.BundleMediaType);
        throw new LedgerProblemException(await entries.FindAsync(TenantId.PlatformAudit, entry, cancel) is null ? ProblemAnswer.NotFound
            : new LedgerProblem(ProblemTypes.NotYetCovered, "No checkpoint covers the entry yet; one does within about a second."));
    }
}
