using Ledger.DevHost.Emulators.S3.Answers;

namespace Ledger.DevHost.Emulators.S3.Buckets;

/// <summary>All buckets, each a folder below <c>buckets</c> of the state folder.</summary>
internal sealed class BucketStore
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);
    private readonly string path;

    public BucketStore(string stateDirectory)
    {
        path = Path.Combine(stateDirectory, "buckets");
        StateFile.MakeDirectory(path);
        foreach (var directory in Directory.EnumerateDirectories(path))
        {
            var folder = new BucketFolder(directory);
            if (folder.ReadSettings() is { } settings)
                buckets[settings.Name] = new Bucket(folder, settings);
            else
                Directory.Delete(directory, recursive: true); // it was being made or removed
        }
    }

    public IReadOnlyList<BucketSettings> All
    {
        get
        {
            lock (gate)
                return [.. buckets.Values.Select(b => b.Settings)];
        }
    }

    /// <exception cref="S3Refusal">There is no such bucket.</exception>
    public Bucket this[string name]
    {
        get
        {
            lock (gate)
                return buckets.TryGetValue(name, out var bucket) ? bucket : throw S3Error.NoSuchBucket.Refuse();
        }
    }

    /// <exception cref="S3Refusal">It is there already.</exception>
    public void Create(BucketSettings settings)
    {
        lock (gate)
        {
            if (buckets.ContainsKey(settings.Name))
                throw S3Error.BucketExists.Refuse();
            var folder = new BucketFolder(Path.Combine(path, settings.Name));
            folder.WriteSettings(settings);
            buckets[settings.Name] = new Bucket(folder, settings);
        }
    }

    /// <exception cref="S3Refusal">It is not there, or not empty.</exception>
    public void Remove(string name, bool force)
    {
        lock (gate)
        {
            var bucket = this[name];
            if (force && bucket.Settings.ObjectLock)
                throw S3Error.ObjectLockedBucket.Refuse();
            bucket.Remove(force);
            buckets.Remove(name);
        }
    }
}
