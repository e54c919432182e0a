using System.Text;
using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>Reads a Rekor v2 from its first entry to the last: it has no search.</summary>
internal sealed class RekorScan(HttpLog server, TrustFile trust)
{
    private const string Base = "api/v2/";

    public LogSweep Sweep(IReadOnlySet<string> hints, SweepTargets targets)
    {
        var note = server.Folder.Read(Base + "checkpoint", Limits.NoteBytes);
        if (LogSweep.LogOf(Encoding.UTF8.GetString(note ?? []), trust.TrustedRoot, out var head) is not { } log)
            return LogSweep.OfUnknownLog(server.Address);

        var scan = new LogScan(log, head!, hints, targets);
        for (long index = 0; scan.Size < head!.Size; index++)
        {
            var width = (int)Math.Min(Tiles.FullWidth, head.Size - scan.Size);
            foreach (var body in Read(index, width)) scan.Add(body);
        }

        return scan.Finish();
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
