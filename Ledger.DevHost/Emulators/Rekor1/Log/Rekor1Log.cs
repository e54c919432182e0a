using System.Globalization;
using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Logs;
using Ledger.DevHost.Emulators.Rekor1.Proposals;

namespace Ledger.DevHost.Emulators.Rekor1.Log;

/// <summary>
/// The entries, durable: <c>log.json</c> has the key and the tree ids, <c>tree-&lt;id&gt;.jsonl</c> the entries of a tree. Not safe
/// for threads: whoever uses it holds <see cref="Gate"/>.
/// </summary>
internal sealed class Rekor1Log : IDisposable
{
    private readonly string folder;
    private readonly List<Shard> shards = [];
    private readonly Dictionary<string, List<Place>> byKey = new(StringComparer.Ordinal);
    private LineFile<StoredEntry> file;

    private Rekor1Log(string folder, State state)
    {
        this.folder = folder;
        Key = LogKey.FromPkcs8(state.Key);
        file = null!;
        foreach (var treeId in state.Trees)
            OpenShard(treeId);
    }

    public Lock Gate { get; } = new();

    public LogKey Key { get; }

    public IReadOnlyList<Shard> Shards => shards;

    public Shard Active => shards[^1];

    public long Size => Active.FirstIndex + Active.Entries.Count;

    /// <param name="pem">The key that the log is to have; null: that of <c>log.json</c>, made at the first start.</param>
    /// <exception cref="CryptographicException">No key of a Rekor v1.</exception>
    /// <exception cref="InvalidDataException">The log in the folder has another key.</exception>
    public static Rekor1Log Open(string folder, string? pem)
    {
        StateFile.MakeDirectory(folder);
        var path = Path.Combine(folder, "log.json");
        var state = StateFile.Read<State>(path);
        using var key = pem is not null ? LogKey.FromPem(pem) : state is null ? LogKey.New() : LogKey.FromPkcs8(state.Key);
        if (state is null)
        {
            state = new State(key.ToPkcs8(), [NewTreeId()]);
            StateFile.Write(path, state);
        }
        var log = new Rekor1Log(folder, state);
        if (log.Key.Pem == key.Pem)
            return log;
        log.Dispose();
        throw new InvalidDataException($"the log in {folder} was begun with another key than the one given: it needs a folder of its own");
    }

    public void AddShard()
    {
        var treeId = NewTreeId();
        StateFile.Write(Path.Combine(folder, "log.json"), new State(Key.ToPkcs8(), [.. shards.Select(s => s.TreeId), treeId]));
        OpenShard(treeId);
    }

    /// <summary>Where it is now, and whether it was there already: the active tree takes no body twice.</summary>
    public (Place Place, bool WasThere) Add(CanonicalEntry entry, long integratedTime)
    {
        if (Active.Find(Convert.ToHexStringLower(MerkleTree.LeafHash(entry.Body))) is { } index)
            return (new Place(Active, index), true);
        var stored = new StoredEntry(entry.Body, integratedTime, [.. entry.Keys.Distinct(StringComparer.Ordinal)]);
        file.Append(stored);
        return (Place(Active, stored), false);
    }

    public Place? At(long globalIndex)
    {
        var shard = shards.LastOrDefault(s => s.FirstIndex <= globalIndex);
        return shard is null || globalIndex - shard.FirstIndex >= shard.Entries.Count
            ? null
            : new Place(shard, (int)(globalIndex - shard.FirstIndex));
    }

    /// <param name="id">Lower-case hex: 64 digits of a leaf, or 16 of its tree before them.</param>
    public Place? Find(string id) => shards.AsEnumerable().Reverse()
        .Where(s => id.Length == 64 || s.TreeId == long.Parse(id.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        .Select(s => s.Find(id[^64..]) is { } index ? new Place(s, index) : (Place?)null)
        .FirstOrDefault(p => p is not null);

    /// <summary>Ids of the entries that have this key: <c>sha256:&lt;hex&gt;</c>, a key's SHA-256, an e-mail address.</summary>
    public IEnumerable<string> Search(string key) => byKey.TryGetValue(key, out var places) ? places.Select(p => p.EntryId) : [];

    public void Dispose()
    {
        file?.Dispose();
        Key.Dispose();
    }

    private static long NewTreeId() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue | 1;

    private void OpenShard(long treeId)
    {
        file?.Dispose();
        var shard = new Shard(treeId, shards.Count == 0 ? 0 : Size);
        var entries = new List<StoredEntry>();
        file = LineFile<StoredEntry>.Open(Path.Combine(folder, $"tree-{treeId}.jsonl"), entries);
        shards.Add(shard);
        foreach (var entry in entries)
            Place(shard, entry);
    }

    private Place Place(Shard shard, StoredEntry entry)
    {
        var place = new Place(shard, shard.Add(entry));
        foreach (var key in entry.Keys)
        {
            if (!byKey.TryGetValue(key, out var places))
                byKey[key] = places = [];
            places.Add(place);
        }
        return place;
    }

    private sealed record State(byte[] Key, long[] Trees);
}
