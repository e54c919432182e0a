using System.Text.Json.Nodes;
using Ledger.Core.Anchoring;
using Ledger.Verify;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A v1 log whose first tree is closed: what a fresh server on loopback hides.</summary>
public sealed class TwoShardTests : IAsyncLifetime, IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly AnchorKey key = new();
    private readonly SyntheticV1 synthetic = new();
    private LogSubmission[] submissions = [];
    private SyntheticShard older = null!;
    private SyntheticShard newer = null!;
    private ScriptedServer server = null!;
    private RekorV1Client log = null!;

    public async Task InitializeAsync()
    {
        submissions = [.. Enumerable.Range(0, 8).Select(i => key.Sign($"entry {i}"))];
        older = synthetic.Shard(77, submissions[..5]);
        newer = synthetic.Shard(2824519805661362833, submissions[5..]);
        server = await ScriptedServer.StartAsync();
        foreach (var shard in synthetic.Shards)
            for (var i = 0; i < shard.Bodies.Count; i++)
                server.On("GET", $"/api/v1/log/entries/{shard.EntryId(i)}", Reply.Of(200, shard.Entry(i).ToJsonString()));
        log = Client.V1(server.Url, synthetic.Pem, "rekor.loopback.test");
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose()
    {
        synthetic.Dispose();
        key.Dispose();
    }

    [Fact]
    public async Task Both_indexes_of_an_entry_are_kept()
    {
        server.On("POST", "/api/v1/log/entries", Reply.Of(201, newer.Entry(1).ToJsonString()));
        var logged = await log.SubmitAsync(submissions[6], Never);
        Assert.Equal((6, 1, 3, newer.EntryId(1)),
            (logged.Entry.LogIndex, logged.Entry.Inclusion.LogIndex, logged.Checkpoint.Size, logged.EntryId));
        Assert.Equal(newer.Head, logged.Checkpoint);
    }

    [Fact]
    public async Task The_SET_is_for_the_global_index_and_the_proof_for_the_shard_s()
    {
        var swapped = newer.Entry(1);
        swapped[newer.EntryId(1)]!["logIndex"] = 1;
        server.On("POST", "/api/v1/log/entries", Reply.Of(201, swapped.ToJsonString()));
        Assert.Equal(FailureCode.SetInvalid, (await Assert.ThrowsAsync<LogException>(() => log.SubmitAsync(submissions[6], Never))).Code);

        swapped = newer.Entry(1);
        swapped[newer.EntryId(1)]!["verification"]!["inclusionProof"]!["logIndex"] = 6;
        server.On("POST", "/api/v1/log/entries", Reply.Of(201, swapped.ToJsonString()));
        Assert.Equal(FailureCode.InclusionIndexOutOfRange,
            (await Assert.ThrowsAsync<LogException>(() => log.SubmitAsync(submissions[6], Never))).Code);
    }

    [Fact]
    public async Task An_entry_that_is_in_the_closed_shard_is_success_there()
    {
        server.On("POST", "/api/v1/log/entries", Reply.Of(409, "{}", ("Location", $"/api/v1/log/entries/{older.EntryId(4)}")));
        var logged = await log.SubmitAsync(submissions[4], Never);
        Assert.Equal((older.EntryId(4), older.Head, true), (logged.EntryId, logged.Checkpoint, logged.WasThere));
    }

    [Fact]
    public async Task Every_entry_of_both_shards_is_found()
    {
        foreach (var shard in synthetic.Shards)
            for (var i = 0; i < shard.Bodies.Count; i++)
                Assert.Equal((i, shard.Head), await log.FindAsync(shard.EntryId(i), Never) is { } entry
                    ? ((int)entry.Entry.Inclusion.LogIndex, entry.Checkpoint) : default);
    }

    [Fact]
    public async Task An_entry_under_the_other_shard_s_id_is_refused()
    {
        var misplaced = newer.EntryId(0)[..16] + older.EntryId(0)[16..];
        var answer = new JsonObject { [misplaced] = older.Entry(0)[older.EntryId(0)]!.DeepClone() };
        server.On("GET", $"/api/v1/log/entries/{misplaced}", Reply.Of(200, answer.ToJsonString()));
        Assert.Equal(LogFailureClass.Log, (await Assert.ThrowsAsync<LogException>(() => log.FindAsync(misplaced, Never))).Class);
    }

    [Fact]
    public async Task Every_shard_has_a_head_and_the_active_one_comes_first()
    {
        Show(newer.Info(), older.Info());
        var heads = await log.HeadsAsync(Never);
        Assert.Equal([(newer.Head, true), (older.Head, false)], heads.Select(h => (h.Checkpoint, h.Active)));
        Assert.Equal(newer.Head, await log.LatestAsync(Never));
    }

    [Fact]
    public async Task A_closed_shard_of_another_key_is_not_ours_to_judge_but_the_active_one_is()
    {
        using var former = new SyntheticV1();
        var theirs = former.Shard(12, submissions[0]).Info();
        Show(newer.Info(), theirs);
        Assert.Equal(newer.Head, Assert.Single(await log.HeadsAsync(Never)).Checkpoint);
        Show(theirs, newer.Info());
        Assert.Equal(FailureCode.NoteKeyUnknown, (await Assert.ThrowsAsync<LogException>(() => log.HeadsAsync(Never))).Code);
    }

    [Fact]
    public async Task A_closed_shard_with_a_bent_head_is_refused()
    {
        var bent = older.Info();
        bent["rootHash"] = newer.Head.Root.ToHex();
        Show(newer.Info(), bent);
        Assert.Equal(LogFailureClass.Log, (await Assert.ThrowsAsync<LogException>(() => log.HeadsAsync(Never))).Class);
    }

    [Fact]
    public async Task History_is_asked_for_by_the_shard_s_tree_and_never_across_shards()
    {
        var refused = await Assert.ThrowsAsync<LogException>(() => log.ConsistencyAsync(older.Head, newer.Head, Never));
        Assert.Equal((LogFailureClass.Log, FailureCode.LogOriginMismatch), (refused.Class, refused.Code));
        Assert.Empty(server.Requests);
        await Assert.ThrowsAsync<LogException>(() => log.ConsistencyAsync(older.Head with { Size = 2 }, older.Head, Never));
        Assert.Equal("/api/v1/log/proof?firstSize=2&lastSize=5&treeID=77", Assert.Single(server.Requests).Path);
    }

    private void Show(JsonObject active, JsonObject inactive)
    {
        active["inactiveShards"] = new JsonArray(inactive.DeepClone());
        server.On("GET", "/api/v1/log", Reply.Of(200, active.ToJsonString()));
    }
}
