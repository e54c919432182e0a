using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Checkpoints;
using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Verify.Checkpoints;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Entries;

/// <summary>Reading entries, their proofs and bundles; erasing their metadata.</summary>
internal static class EntriesEndpoints
{
    public const string BundleMediaType = "application/vnd.ledger.bundle.v1+json";

    public static void MapEntries(this IEndpointRouteBuilder app)
    {
        var entries = app.MapGroup("/entries").RequireAuthorization(Policies.Reader).WithTags("Entries").WithStrictQuery();
        entries.MapRead("", ListAsync).WithName("list-entries").WithSummary("Entries, newest first.");
        entries.MapRead("/{id}", FindAsync).WithName("get-entry").WithSummary("One entry.");
        entries.MapRead("/{id}/proof", ProveAsync).WithName("get-entry-proof")
            .WithSummary("Inclusion proof under the latest checkpoint; text/plain is a C2SP tlog-proof.")
            .Produces<EntryProof>().WithTextForm();
        entries.MapRead("/{id}/bundle", BundleAsync).WithName("get-entry-bundle")
            .WithSummary("Everything needed to verify the entry offline, as RFC 8785 bytes.")
            .Produces<byte[]>(StatusCodes.Status200OK, BundleMediaType);

        app.MapDelete("/entries/{id}/meta", EraseAsync).RequireAuthorization(Policies.ClientAdmin).WithTags("Entries").WithStrictQuery()
            .WithSensitive().WithName("erase-entry-meta").WithSummary("Erase an entry's metadata and salt. Proofs stay valid.");
    }

    private static async Task<Ok<EntryList>> ListAsync(CurrentTenant tenant, [AsParameters] EntryQuery query, EntryReader entries,
        EntryJson json, CancellationToken cancel)
    {
        var page = await entries.ListAsync(tenant.Id, query.ToFilter(), query.Cursor, QueryValue.Limit(query.Limit), cancel);
        var items = new EntryBody[page.Items.Count];
        for (var i = 0; i < items.Length; i++) items[i] = await json.BodyAsync(page.Items[i], cancel);
        return TypedResults.Ok(new EntryList(items, page.NextCursor));
    }

    private static async Task<Ok<EntryBody>> FindAsync(string id, CurrentTenant tenant, EntryReader entries, EntryJson json,
        CancellationToken cancel) =>
        TypedResults.Ok(await json.BodyAsync(await EntryAsync(id, tenant, entries, cancel), cancel));

    private static async Task<IResult> ProveAsync(
        string id, CurrentTenant tenant, HttpRequest request, EntryReader entries, BundleReader bundles, CancellationToken cancel)
    {
        var covered = await bundles.ProveAsync(tenant.Id, EntryId.Parse(id), cancel)
            ?? throw await UncoveredAsync(id, tenant, entries, cancel);
        var entry = covered.Entry;
        if (Negotiation.PrefersText(request))
        {
            if (!Note.TryParse(covered.Note, out var note, out _))
                throw new InvalidOperationException($"Checkpoint {covered.TreeSize} of {tenant.Id} is not a note.");
            return Exact.Text(new TlogProof(entry.Seq, covered.Hashes, note).Format());
        }
        return TypedResults.Ok(new EntryProof(id, covered.Origin, entry.Seq, entry.LeafHash.ToHex(), covered.TreeSize, covered.Root.ToHex(),
            [.. covered.Hashes.Select(hash => hash.ToHex())], covered.Note));
    }

    private static async Task<FileContentHttpResult> BundleAsync(string id, CurrentTenant tenant, EntryReader entries, BundleReader bundles,
        CancellationToken cancel) =>
        Exact.Bytes((await bundles.FindAsync(tenant.Id, EntryId.Parse(id), cancel)
            ?? throw await UncoveredAsync(id, tenant, entries, cancel)).ToBytes(), BundleMediaType);

    private static async Task<NoContent> EraseAsync(string id, CurrentTenant tenant, MetaErasure erasure, CancellationToken cancel) =>
        await erasure.EraseAsync(tenant.Id, EntryId.Parse(id), tenant.Principal, cancel)
            ? TypedResults.NoContent()
            : throw new LedgerProblemException(ProblemAnswer.NotFound);

    // Most entries are covered: only where nothing was found is it asked whether the entry is there at all.
    private static async Task<LedgerProblemException> UncoveredAsync(string id, CurrentTenant tenant, EntryReader entries,
        CancellationToken cancel)
    {
        await EntryAsync(id, tenant, entries, cancel);
        return new(ProblemTypes.NotYetCovered, "No checkpoint covers the entry yet; one does within about a second.");
    }

    private static async Task<EntryView> EntryAsync(string id, CurrentTenant tenant, EntryReader entries, CancellationToken cancel) =>
        await entries.FindAsync(tenant.Id, EntryId.Parse(id), cancel) ?? throw new LedgerProblemException(ProblemAnswer.NotFound);
}
