using Amazon.S3;
using Amazon.S3.Model;
using Ledger.Core.Checkpoints;
using Ledger.Core.Doctor;
using Ledger.Core.Operations;
using Ledger.Core.Storage;
using Ledger.Core.Telemetry;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Anchoring;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.S3;
using Ledger.Testing;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Tests.Doctor;

/// <summary>The doctor before a bucket: on the emulator, and before servers that are none or keep no conditions.</summary>
public sealed class StorageCheckTests : IAsyncLifetime, IDisposable
{
    private const string Key = "ledger", Secret = "a-secret-key", Bucket = "ledger-marks";

    // One of several parts: the SDK takes any other for the content's MD5.
    private const string ETag = "\"9b2cf535f27731c974343645a3985328-1\"";

    private readonly TempFolder folder = new();
    private readonly LedgerMeter meter = new();
    private readonly List<IAmazonS3> clients = [];
    private S3Emulator emulator = null!;

    public async Task InitializeAsync()
    {
        emulator = await S3Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["s3"] },
            new S3Options { AccessKey = Key, SecretKey = Secret, Region = "eu-west-3" }, CancellationToken.None);
        await Client(Settings()).PutBucketAsync(Bucket);
    }

    public Task DisposeAsync() => emulator.DisposeAsync().AsTask();

    public void Dispose()
    {
        clients.ForEach(one => one.Dispose());
        meter.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_bucket_that_keeps_its_conditions_is_well_and_nothing_is_left_in_it()
    {
        var settings = Settings();
        var verdict = await LookAsync(settings);
        Assert.Equal((CheckOutcome.Pass, "ledger-marks can be written, and refuses to create or replace what another wrote first"),
            (verdict.Outcome, verdict.Text));
        var left = await Client(settings).ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket });
        Assert.Empty(left.S3Objects ?? []);
    }

    [Fact]
    public async Task What_is_misconfigured_is_named_and_no_secret_with_it()
    {
        var settings = Settings();
        settings.SecretKey = "another-secret";
        await FailsAsync(settings, "ledger-marks: The storage refuses the signature: check Storage:SecretKey.");
        settings = Settings();
        settings.AccessKey = "another";
        await FailsAsync(settings, "ledger-marks: The storage does not know the access key: check Storage:AccessKey.");
        settings = Settings();
        settings.Region = "us-east-1";
        await FailsAsync(settings, "check Storage:Region and Storage:Endpoint.");
        await FailsAsync(Settings(), "There is no bucket 'nobodys-marks': make it", bucket: "nobodys-marks");
        settings = Settings();
        settings.Endpoint = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await FailsAsync(settings, "cannot be reached: ConnectionRefused.");
    }

    [Theory]
    [InlineData(FaultMode.Down, "The connection to the storage at ")]
    [InlineData(FaultMode.ServerError, "The storage answered put of s3://ledger-marks/marks/.doctor/")]
    public async Task A_storage_that_fails_is_named(FaultMode how, string says)
    {
        emulator.Faults.Set(new Fault(how) { Status = 503 });
        await FailsAsync(Settings(), says);
    }

    [Fact]
    public async Task A_passing_fault_is_none()
    {
        emulator.Faults.Set(new Fault(FaultMode.Down) { AfterWork = true, Count = 1 });
        Assert.Equal(CheckOutcome.Pass, (await LookAsync(Settings())).Outcome);
    }

    [Theory]
    [InlineData("PUT", "takes a second object of one name")]
    [InlineData("PUT 412 GET other", "does not show in the next read what was written")]
    [InlineData("PUT 412 GET 412", "does not let the version that was read be replaced")]
    [InlineData("PUT 412 GET PUT", "lets a version be replaced that is not there any more")]
    [InlineData("501", "The storage does not know what put asks of it, conditional writes or SHA-256 checksums")]
    public async Task A_service_that_keeps_no_conditions_cannot_hold_marks(string answers, string says)
    {
        await using var server = await ScriptedServer.StartAsync();
        var script = new Queue<string>(answers.Split(' '));
        server.Otherwise = (method, _) => method == "DELETE" ? Reply.Of(204, "") : method == "GET"
            ? Reply.Of(200, script.Dequeue() == "GET" && script.TryPeek(out var next) && next == "other" ? "another" : "doctor 1\n",
                ("ETag", ETag))
            : (script.TryDequeue(out var answer) ? answer : "PUT") switch
            {
                "412" => Error(412, "PreconditionFailed"),
                "501" => Error(501, "NotImplemented"),
                _ => Reply.Of(200, "", ("ETag", ETag)),
            };
        var settings = Settings();
        settings.Endpoint = server.Url;
        await FailsAsync(settings, says);
        Assert.Equal(answers == "501" ? 0 : 1, server.Requests.Count(one => one.Method == "DELETE"));
    }

    [Fact]
    public async Task A_probe_that_may_not_be_removed_is_a_warning()
    {
        await using var server = await ScriptedServer.StartAsync();
        var puts = 0;
        server.Otherwise = (method, _) => method switch
        {
            "PUT" => ++puts is 2 or 4 ? Error(412, "PreconditionFailed") : Reply.Of(200, "", ("ETag", ETag)),
            "GET" => Reply.Of(200, "doctor 1\n", ("ETag", ETag)),
            _ => Error(403, "AccessDenied"),
        };
        var settings = Settings();
        settings.Endpoint = server.Url;
        var verdict = await LookAsync(settings);
        Assert.Equal(CheckOutcome.Warn, verdict.Outcome);
        Assert.EndsWith("could not be removed: allow s3:DeleteObject on marks/.doctor/*", verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_probes_name_is_no_marks() => Assert.False(TenantId.TryParse(".doctor", out _));

    private static Reply Error(int status, string code) =>
        Reply.Of(status, $"<Error><Code>{code}</Code></Error>", ("Content-Type", "application/xml"));

    private StorageOptions Settings() =>
        new() { Endpoint = emulator.Address, AccessKey = Key, SecretKey = Secret, Region = "eu-west-3" };

    private IAmazonS3 Client(StorageOptions settings)
    {
        clients.Add(StorageClient.Create(settings));
        return clients[^1];
    }

    private async Task FailsAsync(StorageOptions settings, string says, string bucket = Bucket)
    {
        var verdict = await LookAsync(settings, bucket);
        Assert.Contains(says, verdict.Text, StringComparison.Ordinal);
        Assert.Equal(CheckOutcome.Fail, verdict.Outcome);
        Assert.DoesNotContain(settings.SecretKey!, verdict.Text, StringComparison.Ordinal);
    }

    private Task<Verdict> LookAsync(StorageOptions settings, string bucket = Bucket) => new StorageCheck(
        Options.Create(new HighWaterMarkOptions { Bucket = bucket }), Client(settings), new StorageMetrics(meter), new IdSource(),
        TimeProvider.System).RunAsync(CancellationToken.None);
}
