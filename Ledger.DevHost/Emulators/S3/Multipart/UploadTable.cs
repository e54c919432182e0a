using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;

namespace Ledger.DevHost.Emulators.S3.Multipart;

/// <summary>The uploads of a bucket that are under way.</summary>
internal sealed class UploadTable
{
    private readonly Lock gate = new();
    private readonly BucketFolder folder;
    private readonly Dictionary<string, Upload> uploads;

    public UploadTable(BucketFolder folder)
    {
        this.folder = folder;
        uploads = folder.ReadUploads().ToDictionary(u => u.Id, StringComparer.Ordinal);
    }

    /// <summary>The files of all parts.</summary>
    public IReadOnlyList<string> Contents
    {
        get
        {
            lock (gate)
                return [.. uploads.Values.SelectMany(u => u.Parts.Values).Select(p => p.Content)];
        }
    }

    public void Add(Upload upload)
    {
        lock (gate)
        {
            folder.WriteUpload(upload);
            uploads[upload.Id] = upload;
        }
    }

    /// <exception cref="S3Refusal">There is no such upload of that key.</exception>
    public Upload Find(string key, string id)
    {
        lock (gate)
            return uploads.TryGetValue(id, out var upload) && upload.Key == key ? upload : throw S3Error.NoSuchUpload.Refuse();
    }

    public IReadOnlyList<Upload> Where(Func<Upload, bool> wanted)
    {
        lock (gate)
            return [.. uploads.Values.Where(wanted).OrderBy(u => u.Key, KeyOrder.Utf8).ThenBy(u => u.Created)];
    }

    public IReadOnlyList<UploadPart> PartsOf(Upload upload)
    {
        lock (gate)
            return [.. upload.Parts.Values];
    }

    /// <summary>Adds a part, or replaces the one of its number.</summary>
    /// <exception cref="S3Refusal">The upload has ended.</exception>
    public void Put(Upload upload, UploadPart part)
    {
        lock (gate)
        {
            Find(upload.Key, upload.Id);
            folder.WritePart(upload, part);
            var before = upload.Parts.GetValueOrDefault(part.Number);
            upload.Parts[part.Number] = part;
            folder.RemoveContent(before?.Content);
        }
    }

    /// <summary>Ends an upload once: its parts go.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string key, string id)
    {
        lock (gate)
        {
            if (!uploads.TryGetValue(id, out var upload) || upload.Key != key)
                return false;
            uploads.Remove(id);
            folder.RemoveUpload(upload);
            foreach (var part in upload.Parts.Values)
                folder.RemoveContent(part.Content);
            return true;
        }
    }
}
