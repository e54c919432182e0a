using System.Buffers.Binary;
using Ledger.DevHost.Emulators.Rekor2.Log;

namespace Ledger.DevHost.Emulators.Rekor2.Routes;

/// <summary>
/// The files that a log is read by, as a plain file server in front of them has them: hash tiles and bundles of entries, each partial one
/// as it once was published. A partial one goes a minute after its tile is full.
/// </summary>
internal static class TileRoute
{
    private static readonly TimeSpan PartialsStay = TimeSpan.FromMinutes(1);

    /// <summary>Null: there is no such file.</summary>
    public static (byte[] Content, DateTimeOffset LastModified)? Find(Rekor2Log log, LogVoice voice, TilePath path, DateTimeOffset now)
    {
        // A tile of a level covers 256 times what one below it does; a hash of it covers `span` entries.
        var shift = 8 * Math.Max(path.Level, 0);
        if (shift > 24 || path.Index > int.MaxValue >> 8)
            return null;
        var (span, first) = (1L << shift, path.Index * TilePath.Full);
        var end = (first + path.Width) * span;
        if (end > voice.Size)
            return null;
        var fullAt = (first + TilePath.Full) * span;
        if (path.Width < TilePath.Full && fullAt <= voice.Size && log.PublishedAt((int)fullAt - 1) + PartialsStay < now)
            return null;
        var content = new List<byte>();
        for (var i = (int)first; i < first + path.Width; i++)
            content.AddRange(path.Level == TilePath.Entries ? Prefixed(voice.Body(i)) : voice.Hash((int)(i * span), (int)span));
        return ([.. content], log.PublishedAt((int)end - 1));
    }

    // Big-endian uint16 length, then the body.
    private static byte[] Prefixed(byte[] body)
    {
        var bytes = new byte[2 + body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, checked((ushort)body.Length));
        body.CopyTo(bytes, 2);
        return bytes;
    }
}
