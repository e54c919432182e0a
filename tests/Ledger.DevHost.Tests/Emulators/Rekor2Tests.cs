using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Logs;
using Ledger.DevHost.Emulators.Rekor2;
using Ledger.Testing;
using Ledger.Testing.Time;

namespace Ledger.DevHost.Tests.Emulators;

public sealed class Rekor2Tests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ManualTime time = new();
    private readonly Submitter submitter = new();
    private Rekor2Emulator rekor = null!;
    private HttpClient http = null!;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        http.Dispose();
        await rekor.DisposeAsync();
    }

    public void Dispose()
    {
        submitter.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Tiles_and_entry_bundles_rebuild_the_root_that_the_checkpoint_signs()
    {
        for (var i = 0; i < 259; i++)
            await SubmitAsync($"entry {i}");

        var checkpoint = await http.GetStringAsync("/api/v2/checkpoint");

        Assert.StartsWith("rekor2.localhost\n259\n", checkpoint, StringComparison.Ordinal);
        byte[] bundle = [.. await TileAsync("entries/000"), .. await TileAsync("entries/001.p/3")];
        var leaves = Entries(bundle).Select(e => MerkleTree.LeafHash(e)).ToList();
        byte[] hashes = [.. await TileAsync("0/000"), .. await TileAsync("0/001.p/3")];
        Assert.Equal(Hex(hashes), Hex([.. leaves.SelectMany(l => l)]));
        var tree = new MerkleTree();
        leaves.ForEach(tree.Add);
        Assert.Equal(Convert.ToBase64String(tree.Root(259)), checkpoint.Split('\n')[2]);
        Assert.Equal(Hex(tree.Root(256)), Hex(await http.GetByteArrayAsync("/api/v2/tile/1/000.p/1")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/api/v2/tile/0/001.p/4"));
    }

    [Fact]
    public async Task A_partial_tile_goes_a_minute_after_its_tile_is_full()
    {
        for (var i = 0; i < 256; i++)
            await SubmitAsync($"entry {i}");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v2/tile/0/000.p/13"));

        time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/api/v2/tile/0/000.p/13"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/api/v2/tile/entries/000.p/13"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v2/tile/0/000"));
    }

    [Fact]
    public async Task A_restart_keeps_key_and_entries_and_still_knows_duplicates()
    {
        var request = submitter.HashedRekord2("a");
        using (var created = await PostAsync(request))
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var (key, checkpoint) = (rekor.PublicKey, await http.GetStringAsync("/api/v2/checkpoint"));
        await DisposeAsync();

        await StartAsync();

        Assert.Equal((key, checkpoint), (rekor.PublicKey, await http.GetStringAsync("/api/v2/checkpoint")));
        using var again = await PostAsync(request);
        Assert.Equal((HttpStatusCode.Conflict, "0"), (again.StatusCode, again.Headers.GetValues("X-Log-Index").Single()));
    }

    [Fact]
    public async Task A_log_that_forgets_duplicates_takes_an_entry_twice()
    {
        var request = submitter.HashedRekord2("a");
        using var first = await PostAsync(request);
        rekor.Faults.Set(FaultMode.Forgetful, count: 1);

        using var second = await PostAsync(request);

        Assert.Equal("1", (await JsonAsync(second)).GetProperty("logIndex").GetString());
    }

    [Theory]
    [InlineData(FaultMode.WrongRoot)]
    [InlineData(FaultMode.ForkedTree)]
    [InlineData(FaultMode.ShrunkTree)]
    [InlineData(FaultMode.WrongSignature)]
    [InlineData(FaultMode.WrongKey)]
    public async Task A_lie_shows_in_the_checkpoint(FaultMode lie)
    {
        await SubmitAsync("a");
        await SubmitAsync("b");
        var truth = (await http.GetStringAsync("/api/v2/checkpoint")).Split('\n');
        rekor.Faults.Set(lie, count: 1);

        var told = (await http.GetStringAsync("/api/v2/checkpoint")).Split('\n');

        var sameTree = lie is FaultMode.WrongSignature or FaultMode.WrongKey;
        Assert.Equal(lie == FaultMode.ShrunkTree ? "1" : "2", told[1]);
        Assert.Equal(sameTree, truth[2] == told[2]);
        Assert.NotEqual(truth[4], told[4]);
        Assert.Equal(lie == FaultMode.WrongKey, truth[4][..24] != told[4][..24]); // name, and what 24 bits of the hint show
    }

    [Fact]
    public async Task A_wrong_proof_and_somebody_elses_entry_are_answered_as_if_all_were_well()
    {
        await SubmitAsync("a");
        var request = submitter.HashedRekord2("b");
        rekor.Faults.Set(FaultMode.WrongProof, count: 1);
        using var created = await PostAsync(request);
        var hashes = (await JsonAsync(created)).GetProperty("inclusionProof").GetProperty("hashes");
        Assert.NotEqual(Convert.ToBase64String(await http.GetByteArrayAsync("/api/v2/tile/0/000.p/1")), hashes[0].GetString());

        rekor.Faults.Set(FaultMode.OtherEntry, count: 1);
        using var other = await PostAsync(submitter.HashedRekord2("c"));
        var body = Convert.FromBase64String((await JsonAsync(other)).GetProperty("canonicalizedBody").GetString()!);
        Assert.DoesNotContain(Convert.ToBase64String(Submitter.Digest("c")), Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    private async Task StartAsync()
    {
        rekor = await Rekor2Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["rekor"], Time = time }, default);
        http = new HttpClient { BaseAddress = rekor.Address };
    }

    private Task<HttpResponseMessage> PostAsync(string request) =>
        http.PostAsync("/api/v2/log/entries", new StringContent(request, Encoding.UTF8, "application/json"));

    private async Task SubmitAsync(string artifact)
    {
        using var answer = await PostAsync(submitter.HashedRekord2(artifact));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private Task<byte[]> TileAsync(string path) => http.GetByteArrayAsync("/api/v2/tile/" + path);

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    private static IEnumerable<byte[]> Entries(byte[] bundle)
    {
        for (var at = 0; at < bundle.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at));
            yield return bundle[(at + 2)..(at + 2 + length)];
            at += 2 + length;
        }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
