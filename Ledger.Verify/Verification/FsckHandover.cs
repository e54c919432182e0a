using Ledger.Verify.Entries;

namespace Ledger.Verify.Verification;

/// <summary>
/// The checkpoint of the epoch before that entry 0 of an epoch carries: the newest that anyone was ever shown. The closed epoch must still
/// contain it, or entries that were acknowledged are gone.
/// </summary>
/// <param name="Where">The line that carries it.</param>
/// <param name="Note">The signed note; nobody has verified it yet.</param>
internal sealed record FsckHandover(string Where, string Note)
{
    /// <summary>Null when there is no such statement; the run over that epoch itself names what is wrong with it.</summary>
    public static FsckHandover? Of(LogFolder folder, long epoch)
    {
        var path = $"{ExportLayout.EpochFolder(epoch)}/{ExportLayout.Entries}";
        using var stream = folder.Open(path);
        if (stream is null || JsonLines.Read(stream, Limits.ExportedEntryBytes).FirstOrDefault() is not { } line) return null;
        return ExportedEntry.TryParse(line, out var entry, out _)
            && Statement.TryParse(entry.Envelope.Payload, out var statement, out _)
            && statement.PreviousCheckpoint is { } note
            ? new FsckHandover(path + ":1", note)
            : null;
    }
}
