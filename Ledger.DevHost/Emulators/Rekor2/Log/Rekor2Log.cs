using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Logs;

namespace Ledger.DevHost.Emulators.Rekor2.Log;

/// <summary>
/// The entries, durable: <c>log.json</c> has the key, <c>entries.jsonl</c> the bodies. Each entry is published at once, with a checkpoint
/// of its own. Not safe for threads: whoever uses it holds <see cref="Gate"/>.
/// </summary>
internal sealed class Rekor2Log : IDisposable
{
    private readonly LineFile<StoredEntry> file;
    private readonly TimeProvider time;
    private readonly Dictionary<string, int> byLeaf = new(StringComparer.Ordinal);
    private readonly List<StoredEntry> entries = [];

    private Rekor2Log(string folder, byte[] seed, string origin, TimeProvider time)
    {
        this.time = time;
        Key = new LogKey(seed, origin);
        var stored = new List<StoredEntry>();
        file = LineFile<StoredEntry>.Open(Path.Combine(folder, "entries.jsonl"), stored);
        foreach (var entry in stored)
            Take(entry);
    }

    public Lock Gate { get; } = new();

    public LogKey Key { get; }

    public MerkleTree Tree { get; } = new();

    public int Size => entries.Count;

    /// <param name="pem">The key that the log is to have; null: that of <c>log.json</c>, made at the first start.</param>
    /// <exception cref="CryptographicException">No key of a Rekor v2.</exception>
    /// <exception cref="InvalidDataException">The log in the folder has another key.</exception>
    public static Rekor2Log Open(string folder, string origin, string? pem, TimeProvider time)
    {
        StateFile.MakeDirectory(folder);
        var path = Path.Combine(folder, "log.json");
        var state = StateFile.Read<State>(path);
        var seed = pem is not null ? LogKey.SeedOf(pem) : state?.Seed ?? LogKey.NewSeed();
        if (state is null)
        {
            state = new State(seed);
            StateFile.Write(path, state);
        }
        if (!state.Seed.AsSpan().SequenceEqual(seed))
        {
            throw new InvalidDataException(
                $"the log in {folder} was begun with another key than the one given: it needs a folder of its own");
        }
        return new Rekor2Log(folder, state.Seed, origin, time);
    }

    public byte[] Body(int index) => entries[index].Body;

    /// <summary>When the entry was published, which is when files of that size were written.</summary>
    public DateTimeOffset PublishedAt(int index) => entries[index].At;

    /// <param name="body">Canonical.</param>
    /// <param name="forgetful">Do not look for duplicates.</param>
    public (int Index, bool WasThere) Add(byte[] body, bool forgetful)
    {
        if (!forgetful && byLeaf.TryGetValue(Convert.ToHexString(MerkleTree.LeafHash(body)), out var there))
            return (there, true);
        var entry = new StoredEntry(body, time.GetUtcNow());
        file.Append(entry);
        Take(entry);
        return (entries.Count - 1, false);
    }

    public void Dispose()
    {
        file.Dispose();
        Key.Dispose();
    }

    private void Take(StoredEntry entry)
    {
        var leaf = MerkleTree.LeafHash(entry.Body);
        byLeaf.TryAdd(Convert.ToHexString(leaf), entries.Count);
        entries.Add(entry);
        Tree.Add(leaf);
    }

    private sealed record State(byte[] Seed);

    private sealed record StoredEntry(byte[] Body, DateTimeOffset At);
}
