using System.Globalization;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>The epochs of a tenant's public log over HTTP; their lists of anchors are read page by page.</summary>
internal sealed class PublicAnchors : IDisposable
{
    private const int PageSize = 1000;

    private readonly List<HttpLog> _logs = [];
    private readonly Uri _address;

    /// <param name="address">Such as <c>https://ledger.example/log/demo</c>; later epochs are below it.</param>
    public PublicAnchors(Uri address)
    {
        _address = address;
        First = Source(address);
    }

    /// <summary>The log at the address itself.</summary>
    public SweepSource First { get; }

    public SweepSource Later(long epoch) => Source(new Uri($"{_address.AbsoluteUri.TrimEnd('/')}/{ExportLayout.EpochFolder(epoch)}"));

    public void Dispose()
    {
        foreach (var log in _logs) log.Dispose();
    }

    private SweepSource Source(Uri address)
    {
        var log = new HttpLog(address);
        _logs.Add(log);
        return new SweepSource(log.Folder, SweepSource.OfList(List(log)));
    }

    private static IEnumerable<ListedAnchor> List(HttpLog log)
    {
        // A list that comes round to where it was would go on for ever.
        var (cursors, anchors) = (new HashSet<string>(), new HashSet<(long, Digest, long)>());
        string? cursor = null;
        do
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"anchors?limit={PageSize}")
                + (cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor));
            if (log.Folder.Read(path, Limits.AnchorPageBytes) is not { } file || !AnchorPage.TryParse(file, out var page))
                throw log.Unreadable("anchors");
            foreach (var item in page.Items)
            {
                if (!anchors.Add(IdentityOf(item))) throw log.Unreadable("anchors");
                yield return item;
            }

            cursor = page.NextCursor;
            if (cursor is not null && (page.Items.Count == 0 || !cursors.Add(cursor))) throw log.Unreadable("anchors");
        }
        while (cursor is not null);
    }

    /// <summary>Size, log and index. Of what is no anchor a size can have one.</summary>
    private static (long Size, Digest LogId, long Index) IdentityOf(ListedAnchor item) =>
        AnchorEvidence.TryRead(item.Bundle, out var bundle, out _)
            ? (item.Size, bundle!.Entries[0].LogId, bundle.Entries[0].LogIndex)
            : (item.Size, Digest.Zero, -1);
}
