using Amazon.Runtime;
using Amazon.S3;

namespace Ledger.DevHost.Setup;

/// <summary>An S3 server and who calls it.</summary>
internal sealed record StorageAccess(Uri Endpoint, string AccessKey, string SecretKey, string Region);

/// <summary>Makes a bucket, as an operator does once.</summary>
internal sealed class StorageSetup(StorageAccess access) : IDisposable
{
    private readonly AmazonS3Client _client = new(new BasicAWSCredentials(access.AccessKey, access.SecretKey), new AmazonS3Config
    {
        ServiceURL = access.Endpoint.AbsoluteUri,
        ForcePathStyle = true,
        AuthenticationRegion = access.Region,
        MaxErrorRetry = 0, // who asks again is Patience
        Timeout = Patience.Attempt,
    });

    public Uri Address => access.Endpoint;

    /// <summary>Null: the bucket is there and ours. Else why the server cannot be asked yet.</summary>
    /// <exception cref="SetupFailed">The server refuses.</exception>
    public async Task<string?> WhyNotYetAsync(string bucket, CancellationToken ct)
    {
        try
        {
            await _client.PutBucketAsync(bucket, ct);
            return null;
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "BucketAlreadyOwnedByYou")
        {
            return null;
        }
        catch (AmazonServiceException e) when ((int)e.StatusCode is >= 400 and not (429 or 500 or 502 or 503 or 504))
        {
            throw new SetupFailed($"storage at {Address} refused the bucket {bucket}: {(int)e.StatusCode} {e.ErrorCode} {e.Message}", e);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or TaskCanceledException
            && !ct.IsCancellationRequested)
        {
            return (e.InnerException ?? e).Message;
        }
    }

    public void Dispose() => _client.Dispose();
}
