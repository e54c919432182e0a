using System.Globalization;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Ledger.Core.Checkpoints;
using Ledger.Core.Storage;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Doctor;

/// <summary>Whether the store of marks can be written, as it must be before a checkpoint is shown to anybody: a probe of its own is made
/// and removed; no mark is touched. Of a bucket also whether it keeps the conditions of a write, which is what keeps two integrators apart.
/// </summary>
public sealed class StorageCheck(IOptions<HighWaterMarkOptions> options, IAmazonS3 s3, StorageMetrics metrics, IdSource ids,
    TimeProvider time) : IDoctorCheck
{
    public const string CheckName = "storage";

    private const long LittleSpace = 64 << 20;

    private const string Probe = "doctor";

    public string Name => CheckName;

    public TimeSpan Patience => TimeSpan.FromSeconds(15);

    public Task<Verdict> RunAsync(CancellationToken cancel) =>
        options.Value.Bucket.Length > 0 ? BucketAsync(options.Value, cancel) : Task.FromResult(Folder(options.Value.Directory));

    private Verdict Folder(string directory)
    {
        if (!Directory.Exists(directory))
            return Verdict.Fail($"the folder of HighWaterMark:Directory is not there: {directory}: is its volume mounted?");
        var probe = Path.Combine(directory, $".{Probe}-{ids.NewId(time.GetUtcNow())}");
        try
        {
            File.WriteAllText(probe, Probe);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Verdict.Fail($"{directory} cannot be written: {e.Message}");
        }
        var free = new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        return free < LittleSpace
            ? Verdict.Warn(string.Create(CultureInfo.InvariantCulture, $"{directory}: {free >> 20} MiB are left"))
            : Verdict.Pass($"{directory} can be written");
    }

    /// <summary>As the marks are read and written, with a pipeline of its own: a circuit that others opened does not say why.</summary>
    private async Task<Verdict> BucketAsync(HighWaterMarkOptions marks, CancellationToken cancel)
    {
        var probe = new ObjectName(marks.Bucket, $"{marks.Prefix}.{Probe}/{ids.NewId(time.GetUtcNow())}");
        var storage = new ObjectStorage(s3, StorageResilience.Create(time), metrics);
        var found = new List<Verdict>();
        var isMade = false;
        try
        {
            isMade = await storage.TryWriteAsync(probe, Text(1), null, cancel);
            if (!isMade) return Verdict.Fail($"{probe.Bucket} refuses a new object as if there were one of its name");
            if (await FaultAsync(storage, probe, cancel) is { } fault)
                found.Add(Verdict.Fail($"{probe.Bucket} {fault}: two integrators could show two histories; use a service that honours "
                    + "If-Match and If-None-Match"));
        }
        catch (StorageException e)
        {
            found.Add(Verdict.Fail($"{probe.Bucket}: {e.Message}"));
        }
        if (isMade && !await IsRemovedAsync(probe, cancel))
            found.Add(Verdict.Warn($"{probe.Bucket} can be written, but {probe.Key} could not be removed: allow s3:DeleteObject on "
                + $"{marks.Prefix}.{Probe}/*"));
        return Verdict.Worst(found, $"{probe.Bucket} can be written, and refuses to create or replace what another wrote first");
    }

    /// <summary>What the service does wrong with the conditions that marks are written under; null where it keeps them.</summary>
    private static async Task<string?> FaultAsync(ObjectStorage storage, ObjectName probe, CancellationToken cancel)
    {
        if (await storage.TryWriteAsync(probe, Text(2), null, cancel)) return "takes a second object of one name";
        var read = await storage.ReadAsync(probe, Text(1).Length, cancel);
        if (read is null || !read.Content.AsSpan().SequenceEqual(Text(1))) return "does not show in the next read what was written";
        if (!await storage.TryWriteAsync(probe, Text(3), read.Version, cancel)) return "does not let the version that was read be replaced";
        return await storage.TryWriteAsync(probe, Text(4), read.Version, cancel)
            ? "lets a version be replaced that is not there any more" : null;
    }

    // Every one another: who finds his own takes an answer that was lost for a yes.
    private static byte[] Text(int n) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Probe} {n}\n"));

    private async Task<bool> IsRemovedAsync(ObjectName probe, CancellationToken cancel)
    {
        try
        {
            await s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = probe.Bucket, Key = probe.Key }, cancel);
            return true;
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            return false;
        }
    }
}
