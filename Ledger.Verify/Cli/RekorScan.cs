using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>Reads a Rekor v2 from its first entry to the last: it has no search.</summary>
internal sealed class RekorScan(HttpLog server, TrustFile trust)
{
    private const string Base = "api/v2/";

    /// <summary>Reads the log's checkpoint, before the list is read.</summary>
    /// <returns>What is left to do after it: the scan.</returns>
    public Func<SweepTargets, LogSweep> Begin(SoughtKeys keys)
    {
        if (Head(out var head) is not { } log) return _ => LogSweep.OfUnknownLog(server.Address);
        return targets => Scan(log, head!, keys, targets);
    }

    private LogSweep Scan(TrustedLog log, LogCheckpoint head, SoughtKeys keys, SweepTargets targets)
    {
        var scan = new LogScan(log, head, keys, targets);
        var (shown, end) = (head.Size, head.Size);
        // An anchor that was made since is in the list, and the log has signed the tree that its proof is from: the scan goes on up to
        // there and no further, since what is newer the list need not have. A log that has no such checkpoint now shows an old one.
        if (scan.Wanted > end && Head(out var newest) == log && newest!.Size >= scan.Wanted) (shown, end) = (newest.Size, scan.Wanted);
        for (long index = 0; scan.Size < end; index++)
        {
            var wanted = (int)Math.Min(Tiles.FullWidth, end - scan.Size);
            var width = (int)Math.Min(Tiles.FullWidth, shown - scan.Size);
            foreach (var body in Read(index, width).Take(wanted)) scan.Add(body);
        }

        return scan.Finish();
    }

    private TrustedLog? Head(out LogCheckpoint? head)
    {
        var note = server.Folder.Read(Base + "checkpoint", Limits.NoteBytes);
        return LogSweep.LogOf(Encoding.UTF8.GetString(note ?? []), trust.TrustedRoot, out head);
    }

    private IEnumerable<byte[]> Read(long index, int width)
    {
        var (id, full) = (new EntryBundleId(index, width), new EntryBundleId(index, Tiles.FullWidth));
        var (file, there) = (server.Folder.Read(Base + id.Path, Limits.EntryBundleBytes), width);
        // The log may have grown and dropped the partial bundle: the full one begins with the same entries.
        if (file is null) (file, there) = (server.Folder.Read(Base + full.Path, Limits.EntryBundleBytes), Tiles.FullWidth);
        return file is not null && EntryBundle.TryRead(file, there, out var bodies, out _)
            ? bodies.Take(width)
            : throw server.Unreadable(Base + id.Path);
    }
}
