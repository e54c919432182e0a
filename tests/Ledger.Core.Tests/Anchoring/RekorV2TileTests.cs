using Ledger.Core.Anchoring;
using Ledger.Verify;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>Proofs that the v2 client makes of a log's static files.</summary>
public sealed class RekorV2TileTests : IAsyncLifetime, IDisposable
{
    private const int Size = 600;
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly AnchorKey key = new();
    private SyntheticV2 synthetic = null!;
    private ScriptedServer server = null!;
    private RekorV2Client log = null!;

    public async Task InitializeAsync()
    {
        synthetic = new SyntheticV2(key, Size);
        server = await ScriptedServer.StartAsync();
        Serve((_, file) => file);
        log = Client.V2(server.Url, SyntheticV2.Pem, SyntheticV2.Origin);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => key.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(599)]
    public async Task An_entry_of_any_tile_is_found_with_a_proof(int index)
    {
        var found = await log.FindAsync(SyntheticV2.EntryId(index), Never);
        Assert.Equal(synthetic.Body(index), found!.Entry.CanonicalizedBody);
        Assert.Equal((index, Size, synthetic.Head()), (found.Entry.LogIndex, found.Entry.Inclusion.TreeSize, found.Checkpoint));
        Assert.InRange(server.Requests.Count, 2, 7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(300)]
    [InlineData(512)]
    [InlineData(599)]
    [InlineData(600)]
    public async Task The_history_from_any_size_is_proved(int from) =>
        Assert.NotNull(await log.ConsistencyAsync(synthetic.Head(from), synthetic.Head(), Never));

    [Fact]
    public async Task A_history_that_is_another_is_refused()
    {
        foreach (var from in new[] { 1, 255, 256, 300, 600 })
        {
            var refused = await RefusedAsync(() =>
                log.ConsistencyAsync(synthetic.Head(from) with { Root = Digest.Sha256([1]) }, synthetic.Head(), Never));
            Assert.Equal(LogFailureClass.Log, refused.Class);
            Assert.NotNull(refused.Code);
        }
        Assert.Equal(FailureCode.ConsistencySizeOutOfRange,
            (await RefusedAsync(() => log.ConsistencyAsync(synthetic.Head(), synthetic.Head(3), Never))).Code);
        Assert.Equal(FailureCode.LogOriginMismatch,
            (await RefusedAsync(() => log.ConsistencyAsync(synthetic.Head(3) with { Origin = "other" }, synthetic.Head(), Never))).Code);
    }

    [Fact]
    public async Task Partial_tiles_that_went_away_are_read_from_the_full_ones()
    {
        // The checkpoint is of 600, the files are of a tree that has grown to 1000 since, and the partial ones are cleaned away.
        var grown = new Dictionary<string, byte[]>();
        Serve((path, file) => path.Contains(".p/", StringComparison.Ordinal) && !path.StartsWith("tile/1/", StringComparison.Ordinal)
            ? null : file ?? Grown(path, grown));
        Assert.Equal(synthetic.Body(599), (await log.FindAsync(SyntheticV2.EntryId(599), Never))!.Entry.CanonicalizedBody);
        Assert.Contains(server.Requests, r => r.Path == "/api/v2/tile/entries/002.p/88");
        Assert.Contains(server.Requests, r => r.Path == "/api/v2/tile/entries/002");
        Assert.Contains(server.Requests, r => r.Path == "/api/v2/tile/0/002");
        Assert.NotEmpty(await log.ConsistencyAsync(synthetic.Head(300), synthetic.Head(), Never));
    }

    [Theory]
    [InlineData("tile/0/002.p/88", FailureCode.InclusionRootMismatch)]
    [InlineData("tile/1/000.p/2", FailureCode.InclusionRootMismatch)]
    public async Task A_file_of_other_bytes_is_refused(string path, FailureCode code)
    {
        Serve((at, file) => at != path || file is null ? file : [.. file.Select((b, i) => i % 32 == 0 ? (byte)(b ^ 1) : b)]);
        var refused = await RefusedAsync(() => log.FindAsync(SyntheticV2.EntryId(590), Never));
        Assert.Equal((LogFailureClass.Log, code), (refused.Class, refused.Code));
    }

    [Fact]
    public async Task Another_entry_in_the_place_of_ours_is_refused()
    {
        Serve((path, file) => path == "tile/entries/002.p/88" ? Swapped(file!) : file);
        Assert.Equal(FailureCode.InclusionRootMismatch, (await RefusedAsync(() => log.FindAsync(SyntheticV2.EntryId(512), Never))).Code);
    }

    [Theory]
    [InlineData("tile/0/002.p/88", null)]
    [InlineData("tile/entries/002.p/88", FailureCode.EntryBundleMalformed)]
    public async Task A_file_of_another_length_is_refused(string path, FailureCode? code)
    {
        foreach (var change in new Func<byte[], byte[]>[] { f => f[..^1], f => [.. f, 0], _ => [] })
        {
            Serve((at, file) => at == path ? change(file!) : file);
            var refused = await RefusedAsync(() => log.FindAsync(SyntheticV2.EntryId(590), Never));
            Assert.Equal((LogFailureClass.Log, code), (refused.Class, refused.Code));
        }
    }

    [Fact]
    public async Task A_tile_that_is_bigger_than_a_tile_is_not_read()
    {
        Serve((path, file) => path == "tile/0/002.p/88" ? new byte[LogLimits.TileBytes + 1] : file);
        var refused = await RefusedAsync(() => log.FindAsync(SyntheticV2.EntryId(590), Never));
        Assert.Contains("more than", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_may_come()
    {
        Serve((path, file) => path.StartsWith("tile/0/002", StringComparison.Ordinal) ? null : file);
        Assert.Equal(LogFailureClass.Network, (await RefusedAsync(() => log.FindAsync(SyntheticV2.EntryId(590), Never))).Class);
    }

    private void Serve(Func<string, byte[]?, byte[]?> bend) => server.Otherwise = (_, path) =>
    {
        var name = path["/api/v2/".Length..];
        return bend(name, synthetic.File(name)) is { } file ? Reply.Of(200, file) : null;
    };

    // What this tree has no full file for, one that begins with its entries does.
    private byte[]? Grown(string path, Dictionary<string, byte[]> cache)
    {
        if (cache.TryGetValue(path, out var known)) return known;
        var part = synthetic.File(path + ".p/88");
        if (part is null) return null;
        var full = path.StartsWith("tile/entries/", StringComparison.Ordinal)
            ? [.. part, .. Enumerable.Range(0, 256 - 88).SelectMany(_ => new byte[] { 0, 1, 7 })]
            : (byte[])[.. part, .. new byte[(256 - 88) * 32]];
        return cache[path] = full;
    }

    private static byte[] Swapped(byte[] bundle)
    {
        Assert.True(Ledger.Verify.Entries.EntryBundle.TryRead(bundle, 88, out var entries, out _));
        return Ledger.Verify.Entries.EntryBundle.Write([entries[1], entries[0], .. entries.Skip(2)]);
    }

    private static Task<LogException> RefusedAsync(Func<Task> act) => Assert.ThrowsAsync<LogException>(act);
}
