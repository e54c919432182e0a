using System.Globalization;

namespace Ledger.Verify.Verification;

/// <summary>
/// The paths of an exported log. Below them lie the C2SP tlog-tiles paths (<c>checkpoint</c>, <c>tile/…</c>), so an export can also be
/// served as the public log it was. Epoch 1 is the folder itself; epoch 2 and later are folders named by their number.
/// </summary>
public static class ExportLayout
{
    /// <summary>The newest checkpoint, a signed note.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>One <see cref="ExportedEntry"/> a line, by seq.</summary>
    public const string Entries = "entries.jsonl";

    /// <summary>The operator's claim of its keys.</summary>
    public const string Trust = "trust.json";

    /// <summary>Every signed checkpoint, one file a size.</summary>
    public const string CheckpointsFolder = "checkpoints/";

    /// <summary>Anchors of checkpoints.</summary>
    public const string AnchorsFolder = "anchors/";

    /// <summary>Anchors of payload digests.</summary>
    public const string PayloadAnchorsFolder = "payload-anchors/";

    /// <summary>Such as <c>checkpoints/600</c>.</summary>
    public static string CheckpointAt(long size) => CheckpointsFolder + size.ToString(CultureInfo.InvariantCulture);

    /// <summary>Such as <c>anchors/600.&lt;log id hex&gt;.7.sigstore.json</c>.</summary>
    public static string AnchorOf(long size, string logIdHex, long index) =>
        string.Create(CultureInfo.InvariantCulture, $"{AnchorsFolder}{size}.{logIdHex}.{index}.sigstore.json");

    /// <summary>Such as <c>payload-anchors/599.&lt;log id hex&gt;.7.sigstore.json</c>.</summary>
    public static string PayloadAnchorOf(long seq, string logIdHex, long index) =>
        string.Create(CultureInfo.InvariantCulture, $"{PayloadAnchorsFolder}{seq}.{logIdHex}.{index}.sigstore.json");

    /// <summary>The folder of an epoch from 2 on.</summary>
    public static string EpochFolder(long epoch) => epoch.ToString(CultureInfo.InvariantCulture);

    /// <summary>The size in the name of a kept checkpoint.</summary>
    public static bool TryParseCheckpoint(string path, out long size)
    {
        size = 0;
        return path.StartsWith(CheckpointsFolder, StringComparison.Ordinal)
            && long.TryParse(path.AsSpan(CheckpointsFolder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out size)
            && CheckpointAt(size) == path;
    }

    /// <summary>What the name of an anchor's file says; <paramref name="folder"/> is one of the two folders of anchors.</summary>
    internal static bool TryParseAnchor(string path, string folder, out AnchorFile? file)
    {
        file = null;
        if (!path.StartsWith(folder, StringComparison.Ordinal) || path[folder.Length..].Split('.') is not [var at, var log, var index, ..])
            return false;
        if (!long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return false;
        if (!long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var logIndex)) return false;
        if (!Digest.TryParseHex(log, out var logId)) return false;
        var again = folder == AnchorsFolder ? AnchorOf(position, log, logIndex) : PayloadAnchorOf(position, log, logIndex);
        if (again != path) return false;
        file = new AnchorFile(path, position, logId, logIndex);
        return true;
    }

    /// <summary>The epoch in whose folder the path is: 1 unless it begins with the folder of a later one.</summary>
    public static long EpochOf(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && long.TryParse(path.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            && epoch >= 2
            && EpochFolder(epoch).Length == slash
            ? epoch
            : 1;
    }
}
