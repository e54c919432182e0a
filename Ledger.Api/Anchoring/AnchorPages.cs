using System.Globalization;
using Ledger.Api.Operations;
using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;

namespace Ledger.Api.Anchoring;

/// <summary>Pages of a log's complete list of anchors.</summary>
internal sealed class AnchorPages(AnchorReader anchors, ListCursor cursors)
{
    public static readonly IReadOnlyList<AnchorKind> AllKinds = [AnchorKind.Checkpoint, AnchorKind.Attestation, AnchorKind.Payload];

    public async Task<AnchorList> ReadAsync(LogView log, IReadOnlyList<AnchorKind> kinds, string? cursor, string? limit,
        CancellationToken cancel)
    {
        var most = QueryValue.Limit(limit);
        var list = $"anchors {log.Tenant} {log.Epoch} {string.Join(',', kinds)}";
        var after = cursor is null ? null : Place(await cursors.ReadAsync(list, cursor, cancel));
        var page = await anchors.ListAsync(log.Tenant, log.Epoch, kinds, after, most, cancel);
        return new AnchorList([.. page.Items.Select(AnchorItem.Of)],
            page.Next is { } next ? await cursors.WriteAsync(list, Text(next), cancel) : null);
    }

    private static string Text(AnchorPlace place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place.Kind.SqlName()} {place.Position} {place.TransparencyLog} {place.LogIndex}");

    // Only what Text wrote gets here: the cursor is authenticated.
    private static AnchorPlace Place(string text) => text.Split(' ') is [var kind, var position, var log, var index]
        ? new AnchorPlace(AnchorKinds.Parse(kind), long.Parse(position, CultureInfo.InvariantCulture), log,
            long.Parse(index, CultureInfo.InvariantCulture))
        : throw new FormatException("A cursor of anchors has four parts.");
}
