using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>What every store of marks must do. A check gets a tenant that has no mark yet, and what opens the store anew, as another process
/// would.</summary>
internal static class MarkStoreChecks
{
    private const int Writers = 6;

    public delegate Task Check(Func<IHighWaterMarkStore> open, TenantId tenant);

    public static readonly IReadOnlyDictionary<string, Check> All = new Dictionary<string, Check>
    {
        ["A mark is read as another process wrote it"] = ReadBackAsync,
        ["A mark that is there is not created again"] = CreatedOnceAsync,
        ["Only the mark that was read is replaced"] = OnlyWhatWasReadAsync,
        ["A mark that was never there is not replaced"] = NeverThereAsync,
        ["Of many at once exactly one creates a mark"] = OneCreatesAsync,
        ["Of many at once exactly one replaces a mark"] = OneReplacesAsync,
        ["A mark is replaced by one of its own log alone"] = OwnLogAsync,
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Runs one, for a tenant of its own: stores are shared by the checks of a class.</summary>
    public static Task RunAsync(string name, Func<IHighWaterMarkStore> open) =>
        All[name](open, TenantId.Parse($"check-{All.Keys.ToList().IndexOf(name)}"));

    private static async Task ReadBackAsync(Func<IHighWaterMarkStore> open, TenantId tenant)
    {
        var empty = HighWaterMark.OfEmptyLog(tenant, 1);
        Assert.Null(await open().ReadAsync(tenant, 1, default));
        Assert.True(await open().TryCreateAsync(empty, default));
        Assert.Equal(empty, (await open().ReadAsync(tenant, 1, default))!.Mark);

        Assert.True(await open().TryReplaceAsync((await open().ReadAsync(tenant, 1, default))!, SampleMark.Of(tenant, 3), default));
        Assert.Equal(SampleMark.Of(tenant, 3), (await open().ReadAsync(tenant, 1, default))!.Mark);
        Assert.Null(await open().ReadAsync(tenant, 2, default));
    }

    private static async Task CreatedOnceAsync(Func<IHighWaterMarkStore> open, TenantId tenant)
    {
        await CreateAsync(open, tenant);
        await open().TryReplaceAsync((await open().ReadAsync(tenant, 1, default))!, SampleMark.Of(tenant, 3), default);

        Assert.False(await open().TryCreateAsync(HighWaterMark.OfEmptyLog(tenant, 1), default));
        Assert.Equal(SampleMark.Of(tenant, 3), (await open().ReadAsync(tenant, 1, default))!.Mark);
    }

    private static async Task OnlyWhatWasReadAsync(Func<IHighWaterMarkStore> open, TenantId tenant)
    {
        await CreateAsync(open, tenant);
        var read = (await open().ReadAsync(tenant, 1, default))!;
        await open().TryReplaceAsync(read, SampleMark.Of(tenant, 3), default);

        Assert.False(await open().TryReplaceAsync(read, SampleMark.Of(tenant, 4), default));
        Assert.Equal(SampleMark.Of(tenant, 3), (await open().ReadAsync(tenant, 1, default))!.Mark);
    }

    // An epoch whose mark somebody took away: the version is another log's, but a version it is.
    private static async Task NeverThereAsync(Func<IHighWaterMarkStore> open, TenantId tenant)
    {
        await CreateAsync(open, tenant);
        var read = (await open().ReadAsync(tenant, 1, default))!;
        var vanished = new StoredMark(HighWaterMark.OfEmptyLog(tenant, 2), read.Version);
        // A folder has a lock to take before it can look.
        Assert.False(await open().TryReplaceAsync(vanished, SampleMark.Of(tenant, 3) with { Epoch = 2 }, default));
        Assert.Null(await open().ReadAsync(tenant, 2, default));
    }

    private static async Task OneCreatesAsync(Func<IHighWaterMarkStore> open, TenantId tenant)
    {
        for (var epoch = 1; epoch <= 5; epoch++)
            Assert.Single(await AtOnceAsync(i => open().TryCreateAsync(SampleMark.Of(tenant, i + 1) with { Epoch = epoch }, default)),
                won => won);
    }

    private static async Task OneReplacesAsync(Func<IHighWaterMarkStore> open, TenantId tenant)
    {
        await CreateAsync(open, tenant);
        for (var round = 0; round < 10; round++)
        {
            var read = (await open().ReadAsync(tenant, 1, default))!;
            var tries = await AtOnceAsync(i => open().TryReplaceAsync(read, SampleMark.Of(tenant, round * 10 + i + 1), default));
            var winner = Assert.Single(Enumerable.Range(0, Writers), i => tries[i]);
            Assert.Equal(round * 10 + winner + 1, (await open().ReadAsync(tenant, 1, default))!.Mark.Size);
        }
    }

    private static async Task OwnLogAsync(Func<IHighWaterMarkStore> open, TenantId tenant)
    {
        await CreateAsync(open, tenant);
        var read = (await open().ReadAsync(tenant, 1, default))!;
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await open().TryReplaceAsync(read, SampleMark.Of(tenant, 3) with { Epoch = 2 }, default));
    }

    private static async Task CreateAsync(Func<IHighWaterMarkStore> open, TenantId tenant) =>
        Assert.True(await open().TryCreateAsync(HighWaterMark.OfEmptyLog(tenant, 1), default));

    private static Task<bool[]> AtOnceAsync(Func<int, ValueTask<bool>> write) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(async () => await write(i))));
}
