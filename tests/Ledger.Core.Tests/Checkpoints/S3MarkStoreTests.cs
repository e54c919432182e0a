using Ledger.Core.Checkpoints;
using Ledger.Core.Storage;
using Ledger.Core.Tenancy;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.S3;
using Ledger.Testing;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>The S3 store on the emulator, which checks every signature and can lose its answers.</summary>
public sealed class S3MarkStoreTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "a-secret-key";

    private static readonly TenantId Demo = TenantId.Parse("demo");
    private static readonly HighWaterMark Empty = HighWaterMark.OfEmptyLog(Demo, 1);

    private readonly TempFolder folder = new();
    private S3Emulator emulator = null!;
    private BucketUnderTest bucket = null!;

    public async Task InitializeAsync()
    {
        emulator = await StartAsync();
        bucket = BucketUnderTest.At(emulator.Address, Secret);
        await bucket.MakeAsync();
    }

    public Task DisposeAsync() => emulator.DisposeAsync().AsTask();

    public void Dispose()
    {
        bucket.Dispose();
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(MarkStoreChecks.Names), MemberType = typeof(MarkStoreChecks))]
    public Task A_bucket_does_what_every_store_must_do(string check) => MarkStoreChecks.RunAsync(check, bucket.Open);

    [Theory]
    [InlineData(FaultMode.Down)]
    [InlineData(FaultMode.ServerError)]
    [InlineData(FaultMode.Hang)]
    public async Task A_write_whose_answer_was_lost_is_found_to_be_done(FaultMode how)
    {
        emulator.Faults.Set(new Fault(how) { AfterWork = true, Count = 1, Status = 503 });
        Assert.True(await bucket.Open().TryCreateAsync(Empty, default));

        var read = (await bucket.Open().ReadAsync(Demo, 1, default))!;
        emulator.Faults.Set(new Fault(FaultMode.Down) { AfterWork = true, Count = 1 });
        Assert.True(await bucket.Open().TryReplaceAsync(read, SampleMark.Of(Demo, 3), default));
        Assert.Equal(SampleMark.Of(Demo, 3), (await bucket.Open().ReadAsync(Demo, 1, default))!.Mark);
    }

    [Fact]
    public async Task A_write_that_never_came_there_is_sent_again()
    {
        emulator.Faults.Set(new Fault(FaultMode.Down) { Count = 1 });
        Assert.True(await bucket.Open().TryCreateAsync(Empty, default));
        Assert.Equal(Empty, (await bucket.Open().ReadAsync(Demo, 1, default))!.Mark);
    }

    [Fact]
    public async Task A_write_in_doubt_that_another_one_overtook_is_not_told_as_won()
    {
        await bucket.Open().TryCreateAsync(Empty, default);
        var read = (await bucket.Open().ReadAsync(Demo, 1, default))!;
        Assert.True(await bucket.Open().TryReplaceAsync(read, SampleMark.Of(Demo, 4), default));

        emulator.Faults.Set(new Fault(FaultMode.Down) { AfterWork = true, Count = 1 });
        Assert.False(await bucket.Open().TryReplaceAsync(read, SampleMark.Of(Demo, 3), default));
        Assert.Equal(4, (await bucket.Open().ReadAsync(Demo, 1, default))!.Mark.Size);
    }

    [Fact]
    public async Task While_it_is_down_nothing_is_told_and_a_write_that_was_done_is_found_when_it_is_back()
    {
        var store = bucket.Open();
        emulator.Faults.Set(new Fault(FaultMode.Down) { AfterWork = true });
        await Assert.ThrowsAsync<StorageException>(async () => await store.TryCreateAsync(Empty, default));
        await Assert.ThrowsAsync<StorageException>(async () => await store.ReadAsync(Demo, 1, default));

        emulator.Faults.Clear();
        Assert.Equal(Empty, (await bucket.Open().ReadAsync(Demo, 1, default))!.Mark);
    }

    [Fact]
    public async Task A_restart_of_the_storage_keeps_every_mark_and_its_version()
    {
        await bucket.Open().TryCreateAsync(Empty, default);
        var before = await bucket.Open().ReadAsync(Demo, 1, default);
        await emulator.DisposeAsync();
        emulator = await StartAsync();
        using var again = BucketUnderTest.At(emulator.Address, Secret);
        Assert.Equal(before, await again.Open().ReadAsync(Demo, 1, default));
        Assert.True(await again.Open().TryReplaceAsync(before!, SampleMark.Of(Demo, 3), default));
    }

    [Fact]
    public async Task What_is_no_mark_or_another_logs_is_an_outage_and_not_a_log_without_a_mark()
    {
        var good = MarkText.Format(SampleMark.Of(Demo, 3));
        foreach (var content in new[] { [], "half a ma"u8.ToArray(), good[..^1], [.. good, .. new byte[MarkText.MaxBytes]],
                     MarkText.Format(SampleMark.Of(TenantId.Parse("other"), 3)), MarkText.Format(SampleMark.Of(Demo, 3) with { Epoch = 2 }) })
        {
            await bucket.PutAsync("marks/demo/1", content);
            var refused = await Assert.ThrowsAsync<IOException>(async () => await bucket.Open().ReadAsync(Demo, 1, default));
            Assert.Equal("Not a high-water mark: s3://ledger-marks/marks/demo/1", refused.Message);
        }
    }

    [Fact]
    public async Task A_folders_marks_can_be_copied_into_a_bucket_as_they_are()
    {
        await bucket.PutAsync("marks/demo/1", MarkText.Format(SampleMark.Of(Demo, 3)));
        var read = await bucket.Open().ReadAsync(Demo, 1, default);
        Assert.Equal(SampleMark.Of(Demo, 3), read!.Mark);
    }

    [Fact]
    public async Task What_is_set_wrong_is_told_by_the_setting()
    {
        Assert.Contains("Storage:SecretKey", await SaidAsync(bucket with { Service = Keys("ledger", "another-secret") }), Ordinal);
        Assert.Contains("Storage:AccessKey", await SaidAsync(bucket with { Service = Keys("nobody", Secret) }), Ordinal);
        Assert.Contains("no bucket 'not-made'", await SaidAsync(bucket with { Bucket = "not-made" }), Ordinal);
        await using var french = await S3Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["french"] },
            new S3Options { AccessKey = "ledger", SecretKey = Secret, Region = "eu-west-3" }, default);
        Assert.Contains("Storage:Region", await SaidAsync(bucket with { Service = BucketUnderTest.At(french.Address, Secret).Service }), Ordinal);
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private StorageOptions Keys(string access, string secret) =>
        new() { Endpoint = emulator.Address, AccessKey = access, SecretKey = secret };

    private static async Task<string> SaidAsync(BucketUnderTest wrong)
    {
        var reading = await Assert.ThrowsAsync<StorageException>(async () => await wrong.Open().ReadAsync(Demo, 1, default));
        var writing = await Assert.ThrowsAsync<StorageException>(async () => await wrong.Open().TryCreateAsync(Empty, default));
        Assert.Equal(reading.Message, writing.Message);
        return reading.Message;
    }

    private Task<S3Emulator> StartAsync() => S3Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["s3"] },
        new S3Options { AccessKey = "ledger", SecretKey = Secret }, default);
}
