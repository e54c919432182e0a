using System.Security.Cryptography;
using System.Text;
using Ledger.DevHost.Emulators.S3.Multipart;
using Ledger.DevHost.Emulators.S3.Objects;

namespace Ledger.DevHost.Emulators.S3.Buckets;

/// <summary>
/// One bucket on the disk. Records name the files of contents; each record is replaced as a whole, and a content that no record names is
/// left over from a kill and removed at the next start.
/// <code>
/// bucket.json                 made last and removed first: without it the folder is no bucket
/// keys/SHA256-OF-KEY.json     a key and its versions, the newest first
/// contents/ID                 bytes of one version or part
/// uploads/ID/upload.json, uploads/ID/N.json
/// </code>
/// </summary>
internal sealed class BucketFolder(string path)
{
    private const int BufferSize = 64 << 10;

    private string SettingsFile => Path.Combine(path, "bucket.json");

    private string Keys => Path.Combine(path, "keys");

    private string Uploads => Path.Combine(path, "uploads");

    /// <summary>Where new contents go.</summary>
    public string Contents => Path.Combine(path, "contents");

    /// <summary>Null: it is no bucket, or one that was being made or removed.</summary>
    public BucketSettings? ReadSettings() => StateFile.Read<BucketSettings>(SettingsFile);

    public void WriteSettings(BucketSettings settings)
    {
        foreach (var folder in new[] { path, Keys, Contents, Uploads })
            StateFile.MakeDirectory(folder);
        StateFile.Write(SettingsFile, settings);
    }

    public IEnumerable<StoredKey> ReadKeys()
        => Directory.EnumerateFiles(Keys, "*.json").Select(f => StateFile.Read<StoredKey>(f)!);

    /// <summary>A key without versions is removed.</summary>
    public void WriteKey(StoredKey stored)
    {
        var file = Path.Combine(Keys, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stored.Key))) + ".json");
        if (stored.Versions.Count > 0)
            StateFile.Write(file, stored);
        else
            File.Delete(file);
    }

    public IEnumerable<Upload> ReadUploads()
    {
        foreach (var folder in Directory.EnumerateDirectories(Uploads))
            if (StateFile.Read<Upload>(Path.Combine(folder, "upload.json")) is { } upload)
            {
                foreach (var file in Directory.EnumerateFiles(folder, "*.json").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
                {
                    var part = StateFile.Read<UploadPart>(file)!;
                    upload.Parts[part.Number] = part;
                }
                yield return upload;
            }
    }

    public void WriteUpload(Upload upload)
    {
        StateFile.MakeDirectory(Path.Combine(Uploads, upload.Id));
        StateFile.Write(Path.Combine(Uploads, upload.Id, "upload.json"), upload);
    }

    public void WritePart(Upload upload, UploadPart part) => StateFile.Write(Path.Combine(Uploads, upload.Id, $"{part.Number}.json"), part);

    public void RemoveUpload(Upload upload)
    {
        File.Delete(Path.Combine(Uploads, upload.Id, "upload.json"));
        Directory.Delete(Path.Combine(Uploads, upload.Id), recursive: true);
    }

    /// <summary>It may be deleted while it is read.</summary>
    public FileStream Open(string content)
        => new(
            Path.Combine(Contents, content), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, useAsync: true);

    public void RemoveContent(string? content)
    {
        if (content is not null)
            File.Delete(Path.Combine(Contents, content));
    }

    public void RemoveContentsBut(IReadOnlySet<string> named)
    {
        foreach (var file in Directory.EnumerateFiles(Contents).Where(f => !named.Contains(Path.GetFileName(f))))
            File.Delete(file);
    }

    public void Remove()
    {
        File.Delete(SettingsFile);
        Directory.Delete(path, recursive: true);
    }
}

/// <summary>A key and what is kept of it.</summary>
/// <param name="Key">At most 1024 bytes of UTF-8.</param>
/// <param name="Versions">The newest first.</param>
internal sealed record StoredKey(string Key, IReadOnlyList<ObjectVersion> Versions);
