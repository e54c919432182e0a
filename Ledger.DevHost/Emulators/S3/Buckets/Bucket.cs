using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Multipart;
using Ledger.DevHost.Emulators.S3.Objects;

namespace Ledger.DevHost.Emulators.S3.Buckets;

/// <summary>A bucket: its keys in memory, each change on the disk before it is seen. Conditions are checked under the same lock as the
/// change that hangs on them.</summary>
internal sealed class Bucket
{
    private readonly Lock gate = new();
    private readonly BucketFolder folder;
    private readonly KeyIndex keys = new();
    private bool removed;

    public Bucket(BucketFolder folder, BucketSettings settings)
    {
        (this.folder, Settings) = (folder, settings);
        foreach (var stored in folder.ReadKeys())
            keys[stored.Key] = stored.Versions;
        Uploads = new UploadTable(folder);
        var named = keys.All.Select(v => v.Content).OfType<string>().Concat(Uploads.Contents);
        folder.RemoveContentsBut(named.ToHashSet(StringComparer.Ordinal));
    }

    public BucketSettings Settings { get; private set; }

    public string Name => Settings.Name;

    /// <summary>Of those that are neither complete nor aborted. Under its own lock.</summary>
    public UploadTable Uploads { get; }

    /// <summary>Where new contents go.</summary>
    public string Contents => folder.Contents;

    /// <summary>Looks at the keys while none of them changes.</summary>
    public T Look<T>(Func<KeyIndex, T> look)
    {
        lock (gate)
            return look(keys);
    }

    /// <param name="key">Of the object.</param>
    /// <param name="versionId">Null: the newest.</param>
    /// <returns>A delete marker too.</returns>
    /// <exception cref="S3Refusal">There is no such key or version.</exception>
    public ObjectVersion Find(string key, string? versionId)
    {
        lock (gate)
            return versionId is null
                ? keys.Newest(key) ?? throw S3Error.NoSuchKey.Refuse()
                : keys[key].FirstOrDefault(v => v.Id == versionId) ?? throw S3Error.NoSuchVersion.Refuse();
    }

    /// <summary>Null: there is none, or the newest is a delete marker.</summary>
    public ObjectVersion? Newest(string key)
    {
        lock (gate)
            return keys.Newest(key) is { DeleteMarker: false } newest ? newest : null;
    }

    /// <summary>As <see cref="Find"/>, with its bytes, which stay readable whatever becomes of the key; null: a delete marker.</summary>
    public (ObjectVersion Version, FileStream? Content) Open(string key, string? versionId)
    {
        lock (gate)
        {
            var version = Find(key, versionId);
            return (version, version.Content is null ? null : folder.Open(version.Content));
        }
    }

    /// <summary>The bytes of a part.</summary>
    /// <exception cref="FileNotFoundException">Another part has taken its place.</exception>
    public FileStream Open(UploadPart part) => folder.Open(part.Content);

    /// <summary>Adds a version, or replaces the one there is.</summary>
    /// <param name="key">Of the object.</param>
    /// <param name="version">Without an id.</param>
    /// <param name="check">Refuses by what is there now; null: nothing is.</param>
    /// <param name="then">What belongs to the same change, once it is made.</param>
    /// <returns>With its id.</returns>
    public ObjectVersion Put(string key, ObjectVersion version, Action<ObjectVersion?> check, Action? then = null)
    {
        lock (gate)
        {
            if (removed)
                throw S3Error.NoSuchBucket.Refuse();
            check(keys.Newest(key));
            if (Settings.Versioning == Versioning.Enabled)
                version = version with { Id = VersionId.New() };
            Change(key, [version, .. keys[key].Where(v => v.Id != version.Id)]);
            then?.Invoke();
            return version;
        }
    }

    /// <summary>Deletes a version, or, where versions are kept, lays a delete marker on the key.</summary>
    /// <returns>The marker or version that is said to the client; null: nothing is said.</returns>
    public ObjectVersion? Delete(string key, string? versionId, DateTimeOffset now)
    {
        lock (gate)
        {
            var versions = keys[key];
            if (versionId is not null)
            {
                var version = versions.FirstOrDefault(v => v.Id == versionId);
                if (version is not null)
                    Change(key, [.. versions.Where(v => v != version)]);
                return version;
            }
            if (versions.Count == 0)
                return null;
            var kept = versions.Where(v => !v.IsNull || Settings.Versioning == Versioning.Enabled).ToList();
            var marker = new ObjectVersion { Modified = now, DeleteMarker = true };
            if (Settings.Versioning == Versioning.Enabled)
                marker = marker with { Id = VersionId.New() };
            Change(key, kept.Count > 0 ? [marker, .. kept] : []);
            return marker.IsNull ? null : marker;
        }
    }

    public void Change(Func<BucketSettings, BucketSettings> change)
    {
        lock (gate)
        {
            var changed = change(Settings);
            folder.WriteSettings(changed);
            Settings = changed;
        }
    }

    /// <param name="force">Whether what is in it goes with it.</param>
    /// <exception cref="S3Refusal">There is something in it.</exception>
    public void Remove(bool force)
    {
        lock (gate)
        {
            if (!force && keys.Count > 0)
                throw S3Error.BucketNotEmpty.Refuse();
            removed = true;
            folder.Remove();
        }
    }

    // The record first: a kill in between leaves contents that nothing names, never a record of contents that are gone.
    private void Change(string key, IReadOnlyList<ObjectVersion> versions)
    {
        var before = keys[key];
        folder.WriteKey(new StoredKey(key, versions));
        keys[key] = versions;
        foreach (var gone in before.Where(b => !versions.Any(v => v.Content == b.Content)))
            folder.RemoveContent(gone.Content);
    }
}
