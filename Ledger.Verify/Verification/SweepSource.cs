using System.Globalization;
using Ledger.Verify.Entries;

namespace Ledger.Verify.Verification;

/// <summary>One anchor of the list that is swept. Nothing in it is verified.</summary>
/// <param name="Where">The file, or the place in the list.</param>
/// <param name="Size">The checkpoint's size.</param>
/// <param name="Checkpoint">The file of the signed note of that size; null where the source has none.</param>
/// <param name="Bundle">RFC 8785 bytes of the Sigstore bundle; null when the file is missing.</param>
/// <param name="File">What the file's name says; null outside an export.</param>
internal sealed record SweptAnchor(string Where, long Size, byte[]? Checkpoint, byte[]? Bundle, AnchorFile? File = null);

/// <summary>One epoch of a tenant's log: its tiles and newest checkpoint, and the list of its anchors, the largest size first.</summary>
/// <param name="Files">The log's files, without an export's folder of the epoch.</param>
/// <param name="Anchors">Read one by one, each time anew, so that the list may be longer than memory.</param>
internal sealed record SweepSource(LogFolder Files, IEnumerable<SweptAnchor> Anchors)
{
    /// <summary>The epochs of an export.</summary>
    public static IReadOnlyList<SweepSource> OfExport(LogFolder export)
    {
        var epochs = new List<SweepSource>();
        for (long epoch = 1; epoch <= Fsck.EpochsIn(export); epoch++)
        {
            var files = epoch == 1 ? export : export.Below(ExportLayout.EpochFolder(epoch));
            epochs.Add(new SweepSource(files, OfFiles(files)));
        }

        return epochs;
    }

    /// <summary>The public list, page after page.</summary>
    public static IEnumerable<SweptAnchor> OfList(IEnumerable<ListedAnchor> list)
    {
        var number = 0L;
        foreach (var item in list)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"anchors:{++number}");
            yield return new SweptAnchor(where, item.Size, null, item.Bundle);
        }
    }

    /// <summary>The later epochs of a log that the trust file knows; none when the log is a later one itself, or unknown.</summary>
    public static IReadOnlyList<long> LaterEpochs(TrustLog? first, TrustFile trust)
    {
        if (first is null || LogOrigin.EpochOf(first.Origin, first.Tenant) != 1) return [];
        return [.. trust.Logs
            .Where(other => other.Tenant == first.Tenant && other.Origin.StartsWith(first.Origin + "/", StringComparison.Ordinal))
            .Select(other => LogOrigin.EpochOf(other.Origin, other.Tenant) ?? 1)
            .Where(epoch => epoch > 1).Order()];
    }

    /// <summary>Origins of the same tenants that the trust file knows and that are not swept.</summary>
    public static IEnumerable<string> Unswept(IReadOnlyCollection<TrustLog> swept, TrustFile trust) =>
        trust.Logs.Where(log => swept.Any(one => one.Tenant == log.Tenant) && !swept.Contains(log)).Select(log => log.Origin);

    private static IEnumerable<SweptAnchor> OfFiles(LogFolder files)
    {
        var names = (files.Listing ?? [])
            .Select(path => ExportLayout.TryParseAnchor(path, ExportLayout.AnchorsFolder, out var file) ? file : null)
            .OfType<AnchorFile>()
            .OrderByDescending(file => file.Position).ThenBy(file => file.Path, StringComparer.Ordinal);
        foreach (var file in names)
        {
            yield return new SweptAnchor(
                file.Path, file.Position, files.Read(ExportLayout.CheckpointAt(file.Position), Limits.NoteBytes),
                files.Read(file.Path, Limits.BundleBytes), file);
        }
    }
}
