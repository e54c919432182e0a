using System.Globalization;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>The epochs of a tenant's public log over HTTP; their lists of anchors are read page by page.</summary>
internal sealed class PublicAnchors : IDisposable
{
    private const int PageSize = 1000;

    private readonly List<HttpLog> _logs = [];

    /// <param name="address">Such as <c>https://ledger.example/log/demo</c>; the trust file says which later epochs are below it.</param>
    /// <param name="trust">What is believed.</param>
    public PublicAnchors(Uri address, TrustFile trust)
    {
        _logs.Add(new HttpLog(address));
        foreach (var epoch in SweepSource.LaterEpochs(_logs[0].Folder, trust))
            _logs.Add(new HttpLog(new Uri($"{address.AbsoluteUri.TrimEnd('/')}/{ExportLayout.EpochFolder(epoch)}")));
    }

    public IReadOnlyList<SweepSource> Epochs => [.. _logs.Select(log => new SweepSource(log.Folder, SweepSource.OfList(List(log))))];

    public void Dispose()
    {
        foreach (var log in _logs) log.Dispose();
    }

    private static IEnumerable<ListedAnchor> List(HttpLog log)
    {
        string? cursor = null;
        do
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"anchors?limit={PageSize}")
                + (cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor));
            if (log.Folder.Read(path, Limits.AnchorPageBytes) is not { } file || !AnchorPage.TryParse(file, out var page))
                throw log.Unreadable("anchors");
            foreach (var item in page.Items) yield return item;
            // A page without items that names a next one would go on for ever.
            if (page.NextCursor is not null && page.Items.Count == 0) throw log.Unreadable("anchors");
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }
}
