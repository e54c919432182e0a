using Ledger.DevHost.Emulators.S3.Objects;

namespace Ledger.DevHost.Emulators.S3.Buckets;

/// <summary>The keys of a bucket in their order.</summary>
internal sealed class KeyIndex
{
    private readonly SortedSet<string> names = new(KeyOrder.Utf8);
    private readonly Dictionary<string, IReadOnlyList<ObjectVersion>> versions = new(StringComparer.Ordinal);

    public int Count => names.Count;

    public IEnumerable<ObjectVersion> All => versions.Values.SelectMany(v => v);

    /// <summary>The newest first; empty: the key is not there.</summary>
    public IReadOnlyList<ObjectVersion> this[string key]
    {
        get => versions.GetValueOrDefault(key, []);
        set
        {
            if (value.Count == 0)
            {
                names.Remove(key);
                versions.Remove(key);
            }
            else
            {
                names.Add(key);
                versions[key] = value;
            }
        }
    }

    /// <summary>Its newest version, which may be a delete marker; null: the key is not there.</summary>
    public ObjectVersion? Newest(string key) => versions.TryGetValue(key, out var all) ? all[0] : null;

    /// <summary>The keys that begin so, from <paramref name="start"/> on.</summary>
    public IEnumerable<StoredKey> From(string start, string prefix)
    {
        var first = KeyOrder.Utf8.Compare(start, prefix) < 0 ? prefix : start;
        if (names.Max is not { } last || KeyOrder.Utf8.Compare(first, last) > 0)
            yield break;
        foreach (var key in names.GetViewBetween(first, last))
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
                yield break;
            yield return new StoredKey(key, versions[key]);
        }
    }
}
