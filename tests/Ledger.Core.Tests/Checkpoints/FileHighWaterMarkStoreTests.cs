using System.Text;
using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Testing;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Tests.Checkpoints;

public sealed class FileHighWaterMarkStoreTests : IDisposable
{
    private static readonly TenantId Demo = TenantId.Parse("demo");

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(MarkStoreChecks.Names), MemberType = typeof(MarkStoreChecks))]
    public Task A_folder_does_what_every_store_must_do(string check) =>
        MarkStoreChecks.RunAsync(check, () => Store(create: true));

    [Fact]
    public async Task A_store_that_is_not_there_is_not_a_log_without_a_mark() =>
        await Assert.ThrowsAsync<IOException>(async () => await Store().ReadAsync(Demo, 1, default));

    [Fact]
    public async Task A_store_that_refuses_access_is_down_like_any_other()
    {
        // A folder in a file's place is refused to everybody, root included.
        await Store().TryCreateAsync(HighWaterMark.OfEmptyLog(Demo, 1), default);
        var read = (await Store().ReadAsync(Demo, 1, default))!;
        Directory.CreateDirectory(Path.Combine(folder["marks"], "demo", "2"));
        Directory.CreateDirectory(Path.Combine(folder["marks"], "demo", "3.lock"));
        await Assert.ThrowsAsync<IOException>(async () => await Store().ReadAsync(Demo, 2, default));
        await Assert.ThrowsAsync<IOException>(async () => await Store().TryCreateAsync(HighWaterMark.OfEmptyLog(Demo, 3), default));

        File.Delete(Path.Combine(folder["marks"], "demo", "1.lock"));
        Directory.CreateDirectory(Path.Combine(folder["marks"], "demo", "1.lock"));
        await Assert.ThrowsAsync<IOException>(async () => await Store().TryReplaceAsync(read, Mark(3), default));
    }

    [Fact]
    public async Task A_write_that_was_cut_short_leaves_the_old_mark()
    {
        await Store().TryCreateAsync(HighWaterMark.OfEmptyLog(Demo, 1), default);
        await Store().TryReplaceAsync((await Store().ReadAsync(Demo, 1, default))!, Mark(3), default);
        await File.WriteAllTextAsync(Path.Combine(folder["marks"], "demo", "1.next"), "half a ma");

        Assert.Equal(Mark(3), (await Store().ReadAsync(Demo, 1, default))!.Mark);
        Assert.True(await Store().TryReplaceAsync((await Store().ReadAsync(Demo, 1, default))!, Mark(4), default));
        Assert.Equal(Mark(4), (await Store().ReadAsync(Demo, 1, default))!.Mark);
    }

    [Fact]
    public void A_mark_has_one_spelling()
    {
        var bytes = MarkText.Format(Mark(300));
        Assert.True(MarkText.TryParse(bytes, out var mark));
        Assert.Equal(Mark(300), mark);
        for (var i = 0; i < bytes.Length; i++)
        {
            var bent = bytes.ToArray();
            bent[i] ^= 0x01;
            // Whose mark it is, is compared by the store; a changed origin or signature is the integrator's to find. Everything else
            // contradicts itself.
            if (MarkText.TryParse(bent, out var other)) Assert.Equal((mark.Size, mark.Root), (other.Size, other.Root));
            Assert.False(MarkText.TryParse(bytes.AsSpan(0, i), out _), "cut short");
        }
        Assert.False(MarkText.TryParse([.. bytes, (byte)'\n'], out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ledger.high-water-mark/v2\ndemo\n1\n0\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [InlineData("ledger.high-water-mark/v1\nDemo\n1\n0\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [InlineData("ledger.high-water-mark/v1\ndemo\n1\n00\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [InlineData("ledger.high-water-mark/v1\ndemo\n1\n-1\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [InlineData("ledger.high-water-mark/v1\ndemo\n1\n0\nE3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855\n")]
    [InlineData("ledger.high-water-mark/v1\ndemo\n1\n0\n0000c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [InlineData("ledger.high-water-mark/v1\ndemo\n1\n2\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    public void What_is_not_a_mark_is_refused(string text) => Assert.False(MarkText.TryParse(Encoding.UTF8.GetBytes(text), out _));

    private static HighWaterMark Mark(long size) => SampleMark.Of(Demo, size);

    private FileHighWaterMarkStore Store(bool create = false)
    {
        if (create) Directory.CreateDirectory(folder["marks"]);
        return new FileHighWaterMarkStore(Options.Create(new HighWaterMarkOptions { Directory = folder["marks"] }), TimeProvider.System);
    }
}
