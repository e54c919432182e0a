using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using Ledger.Core.Checkpoints;
using Ledger.Core.Storage;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Doctor;

/// <summary>Whether the store of marks can be written, as it must be before a checkpoint is shown to anybody: a probe of its own is made
/// and removed; no mark is touched. Of a bucket also whether it refuses a second object of one name, and to replace another version than
/// was read, which is what keeps two integrators apart.</summary>
public sealed class StorageCheck(IOptions<HighWaterMarkOptions> options, IAmazonS3 s3, IdSource ids, TimeProvider time) : IDoctorCheck
{
    public const string CheckName = "storage";

    private const long LittleSpace = 64 << 20;

    private const string Probe = "doctor";

    private const string NoVersion = "\"00000000000000000000000000000000\"";

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

    private async Task<Verdict> BucketAsync(HighWaterMarkOptions marks, CancellationToken cancel)
    {
        var (bucket, key) = (marks.Bucket, $"{marks.Prefix}.{Probe}/{ids.NewId(time.GetUtcNow())}");
        try
        {
            await PutAsync(bucket, key, null, cancel);
            var second = await IsRefusedAsync(bucket, key, null, cancel);
            var replacement = await IsRefusedAsync(bucket, key, NoVersion, cancel);
            var removed = await RemoveAsync(bucket, key, cancel);
            if (!second || !replacement)
                return Verdict.Fail($"{bucket} {(second ? "replaces an object" : "takes a second object of one name")} in spite of "
                    + $"{(second ? "If-Match" : "If-None-Match")}: two integrators could show two histories; use a service that knows "
                    + "conditional writes");
            return removed ? Verdict.Pass($"{bucket} can be written, and refuses a second object of one name and to replace "
                    + "another version than was read")
                : Verdict.Warn($"{bucket} can be written, but {key} could not be removed: allow s3:DeleteObject on "
                    + $"{marks.Prefix}.{Probe}/*");
        }
        catch (AmazonS3Exception e)
        {
            return Verdict.Fail($"{bucket}: {(int)e.StatusCode} {e.ErrorCode}: look at HighWaterMark:Bucket and section Storage");
        }
        catch (Exception e) when (e is Amazon.Runtime.AmazonClientException or HttpRequestException or IOException)
        {
            return Verdict.Fail($"{bucket} does not answer: {e.Message}");
        }
    }

    private Task<PutObjectResponse> PutAsync(string bucket, string key, string? replaced, CancellationToken cancel) => s3.PutObjectAsync(
        new PutObjectRequest
        {
            BucketName = bucket, Key = key, ContentBody = Probe, IfMatch = replaced, IfNoneMatch = replaced is null ? "*" : null,
        }, cancel);

    private async Task<bool> IsRefusedAsync(string bucket, string key, string? replaced, CancellationToken cancel)
    {
        try
        {
            await PutAsync(bucket, key, replaced, cancel);
            return false;
        }
        catch (AmazonS3Exception e) when ((int)e.StatusCode is 412 or 409)
        {
            return true;
        }
    }

    private async Task<bool> RemoveAsync(string bucket, string key, CancellationToken cancel)
    {
        try
        {
            await s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = key }, cancel);
            return true;
        }
        catch (AmazonS3Exception)
        {
            return false;
        }
    }
}
