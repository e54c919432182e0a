using System.Text;
using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>What can be special about entries, notes and promises.</summary>
internal static class LogCases
{
    private const string Cosigner = "\u2014 witness.example/w AAAAAAECAwQFBgcICQ==\n";

    public static IEnumerable<Case> All()
    {
        var world = new World();
        Case Accept(string name, SigstoreBundle bundle, string? difference = null) => new(world.Judged(name, bundle), true, difference);
        Case Refuse(string name, SigstoreBundle bundle) => new(world.Judged(name, bundle), false);

        yield return Accept("v1, shard index unlike the global one", world.Right(world.V1));
        yield return Accept("v2", world.Right(world.V2));
        yield return Accept("v1 envelope", world.Envelope(world.V1));
        yield return Accept("v2 envelope", world.Envelope(world.V2));
        yield return Refuse("no entry", world.Right(world.V1) with { Entries = [] });

        foreach (var log in new[] { world.V1, world.V2 })
        {
            var form = log.IsV1 ? "v1" : "v2";
            Func<LogEntry, Func<int, string>, LogEntry> noted = (entry, note) => World.WithNote(entry, note((int)entry.Inclusion.TreeSize));
            yield return Accept($"{form} note with extension lines", world.With(log, e => noted(e, n => log.Checkpoint(n, "one\ntwo\n"))));
            var signedTwice = world.With(log, e => noted(e, n => log.Checkpoint(n) + Last(log.Checkpoint(n))));
            yield return Accept($"{form} note signed twice", signedTwice);
            var cosigned = world.With(log, e => noted(e, n => log.Checkpoint(n) + Cosigner));
            yield return log.IsV1 ? Refuse("v1 note with a cosignature", cosigned) : Accept("v2 note with a cosignature", cosigned);
            var renamed = world.With(log, e => noted(e, n => Renamed(log.Checkpoint(n), "elsewhere.test")));
            const string signed = "note signed under another name";
            yield return log.IsV1 ? Accept("v1 " + signed, renamed) : Refuse("v2 " + signed, renamed);
            yield return Accept($"{form} note in loose base64", world.With(log, e => noted(e, n => Loose(log.Checkpoint(n)))));
            var cut = world.With(log, e => noted(e, n => log.Checkpoint(n).TrimEnd('\n')));
            yield return Refuse($"{form} note without its last newline", cut);
            yield return Refuse($"{form} note of the log at another size", world.With(log, e => World.WithNote(e, log.Checkpoint(2))));
            yield return Refuse($"{form} note of another log", world.With(log, e => World.WithNote(e, world.Stranger.Checkpoint(2))));
            yield return Accept($"{form} note whose size has a zero before it",
                world.With(log, e => noted(e, n => ZeroBefore(log, n))), "checkpoint-spelling");
        }

        var v1 = world.V1;
        yield return Accept("v1 without a promise", world.With(v1, e => e with { SignedEntryTimestamp = null }));
        yield return Refuse("v1 promise for another time", world.With(v1, e => e with { IntegratedTime = e.IntegratedTime + 1 }));
        yield return Refuse("v1 promise for another index", world.With(v1, e => e with { LogIndex = e.LogIndex + 1 }));
        yield return Refuse("v1 promise with the shard's index", world.With(v1, e => e with { LogIndex = e.Inclusion.LogIndex }));
        yield return Refuse("v1 promise at no time", world.With(v1, e => Promised(v1, e with { IntegratedTime = 0 })));
        var early = world.With(v1, e => Promised(v1, e with { IntegratedTime = 1_500_000_000 }));
        yield return Refuse("v1 promise before the log's key", early);
        yield return Refuse("v2 entry with a promise", world.With(world.V2, e => e with { SignedEntryTimestamp = [1] }));

        var (right, other) = (world.Right(v1), world.Right(v1));
        SigstoreBundle Both(LogEntry second) => right with { Entries = [right.Entries[0], second] };
        yield return Refuse("the same entry twice", Both(right.Entries[0]));
        yield return Refuse("beside it an entry with another signature", Both(other.Entries[0]));
        var stranger = world.Stranger.Entry(world.Stranger.Add(right.Entries[0].CanonicalizedBody));
        yield return Accept("beside it an entry of an unknown log", Both(stranger));
        yield return Refuse("an entry of an unknown log alone", right with { Entries = [stranger] });
        var unreadable = stranger with { CanonicalizedBody = "{}"u8.ToArray() };
        yield return Refuse("beside it an unreadable entry of an unknown log", Both(unreadable));
        var again = v1.Entry(v1.Add(right.Entries[0].CanonicalizedBody));
        yield return Accept("logged twice", Both(again));
        yield return Accept("beside it one with a wrong promise", Both(again with { SignedEntryTimestamp = [1, 2, 3] }));
        yield return Refuse("beside it one with a wrong proof", Both(again with { Inclusion = again.Inclusion with { Hashes = [] } }));
        var many = Enumerable.Range(0, 33).Select(index => stranger with { LogIndex = index });
        yield return Refuse("33 entries", right with { Entries = [.. many] });
    }

    private static LogEntry Promised(VirtualLog log, LogEntry entry) => entry with { SignedEntryTimestamp = log.Promise(entry) };

    private static string Last(string note) => note[(note.LastIndexOf('\u2014'))..];

    private static string Renamed(string note, string name)
    {
        var parts = Last(note).Split(' ');
        return note[..^Last(note).Length] + $"{parts[0]} {name} {parts[2]}";
    }

    /// <summary>The unused bits of the last character set, where there are any.</summary>
    private static string Loose(string note) => note.EndsWith("=\n", StringComparison.Ordinal)
        ? note[..(note.IndexOf('=', note.LastIndexOf(' ')) - 1)] + (char)(note[note.IndexOf('=', note.LastIndexOf(' ')) - 1] + 1)
            + note[note.IndexOf('=', note.LastIndexOf(' '))..]
        : note;

    private static string ZeroBefore(VirtualLog log, int size)
    {
        var text = log.Checkpoint(size).Split("\n\n")[0] + "\n";
        text = text.Replace($"\n{size}\n", $"\n0{size}\n", StringComparison.Ordinal);
        return $"{text}\n{log.SignatureLine(log.Trusted.Origin, text)}";
    }
}
