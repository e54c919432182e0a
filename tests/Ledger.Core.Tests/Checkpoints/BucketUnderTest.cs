using Amazon.S3;
using Ledger.Core.Checkpoints;
using Ledger.Core.Storage;
using Ledger.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>A bucket of some S3 service, and stores of marks in it, each with a client and a circuit of its own as processes have.</summary>
internal sealed record BucketUnderTest(StorageOptions Service, string Bucket = "ledger-marks") : IDisposable
{
    private readonly LedgerMeter meter = new();

    public static BucketUnderTest At(Uri address, string secret = "a-secret-key") =>
        new(new StorageOptions { Endpoint = address, AccessKey = "ledger", SecretKey = secret });

    public async Task MakeAsync()
    {
        using var client = StorageClient.Create(Service);
        await client.PutBucketAsync(Bucket);
    }

    public S3HighWaterMarkStore Open() => new(
        Options.Create(new HighWaterMarkOptions { Bucket = Bucket }), Storage(StorageClient.Create(Service)));

    /// <summary>Puts any bytes where a mark belongs, as an operator's tool would.</summary>
    public async Task PutAsync(string key, byte[] content)
    {
        var storage = Storage(StorageClient.Create(Service));
        var name = new ObjectName(Bucket, key);
        Assert.True(await storage.TryWriteAsync(name, content, (await storage.ReadAsync(name, content.Length, default))?.Version, default));
    }

    public void Dispose() => meter.Dispose();

    private ObjectStorage Storage(IAmazonS3 client) =>
        new(client, StorageResilience.Create(TimeProvider.System), new StorageMetrics(meter));
}
