using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Ledger.Core.Storage;

/// <summary>The one place where an S3 client is made.</summary>
public static class StorageClient
{
    /// <summary>A client that tries every call once: what is tried again, and when, is <see cref="StorageResilience"/>'s.</summary>
    public static IAmazonS3 Create(StorageOptions options)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            ForcePathStyle = options.PathStyle ?? options.Endpoint is not null,
            MaxErrorRetry = 0,
            HttpClientFactory = new StorageTransport(),
        };
        // The last one set wins: a service URL makes the region no more than a part of the signature.
        if (options.Endpoint is { } endpoint) config.ServiceURL = endpoint.AbsoluteUri;
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        if (!options.HasKeys) return new AmazonS3Client(config);
        AWSCredentials keys = options.SessionToken is { Length: > 0 } token
            ? new SessionAWSCredentials(options.AccessKey, options.SecretKey, token)
            : new BasicAWSCredentials(options.AccessKey, options.SecretKey);
        return new AmazonS3Client(keys, config);
    }
}
