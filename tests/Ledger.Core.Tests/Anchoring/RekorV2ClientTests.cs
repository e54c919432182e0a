using System.Text;
using System.Text.Json.Nodes;
using Ledger.Core.Anchoring;
using Ledger.Testing.Time;
using Ledger.Verify;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>The v2 client against what a real Rekor was recorded to answer.</summary>
public sealed class RekorV2ClientTests : IAsyncLifetime
{
    private const string Origin = "rekor2.loopback.test";
    private const string Tile = "80-tile-partial-gzip";
    private const string Entries = "tiles/tile_entries_000.p_13";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Exchange Created = Exchange.V2("07-hashedrekord-ecdsa-create");
    private static readonly Exchange Duplicate = Exchange.V2("08-hashedrekord-ecdsa-duplicate");

    private ScriptedServer server = null!;
    private RekorV2Client log = null!;

    public async Task InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        log = Client.V2(server.Url, Exchange.File("rekor2-log.pub.pem"), Origin);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("07-hashedrekord-ecdsa-create", 0)]
    [InlineData("09-hashedrekord-ecdsa-second-signature", 1)]
    [InlineData("10-hashedrekord-dsse-pae", 2)]
    public async Task A_created_entry_is_verified_and_its_id_is_the_log_s_and_its_index(string name, int index)
    {
        var exchange = Exchange.V2(name);
        server.On(exchange);
        var logged = await log.SubmitAsync(exchange.Submission(), Never);
        Assert.Equal(($"153db1a2975c7ddac15622c46f907586afb53208c40072764b58a7ad963e0696:{index}", false),
            (logged.EntryId, logged.WasThere));
        Assert.Equal((index, 0, null), (logged.Entry.LogIndex, logged.Entry.IntegratedTime, logged.Entry.SignedEntryTimestamp));
        Assert.Equal(exchange.Answer, Encoding.UTF8.GetString(logged.Raw));
        Assert.Equal((exchange.Body, "application/json"),
            (Encoding.UTF8.GetString(Assert.Single(server.Requests).Body), server.Requests.Single().ContentType));
    }

    [Fact]
    public async Task A_log_with_an_ECDSA_key_is_verified_too()
    {
        var exchange = Exchange.V2("110-ecdsa-log-create");
        server.On(exchange);
        var ecdsa = Client.V2(server.Url, Exchange.File("rekor2-log-ecdsa.pub.pem"), "rekor2-ecdsa.loopback.test");
        Assert.EndsWith(":0", (await ecdsa.SubmitAsync(exchange.Submission(), Never)).EntryId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_is_there_is_read_from_the_tiles_compared_and_a_success()
    {
        server.On(Duplicate, Exchange.V2("76-checkpoint"), Exchange.V2(Tile), Exchange.V2(Entries));
        var logged = await log.SubmitAsync(Created.Submission(), Never);
        Assert.Equal((0, true, 13), (logged.Entry.LogIndex, logged.WasThere, logged.Checkpoint.Size));
        Assert.Equal(RekorV2Messages.Entry(logged.Raw).CanonicalizedBody, logged.Entry.CanonicalizedBody);
        Assert.Equal(RekorV2Messages.Entry(logged.Raw).Inclusion.Hashes, logged.Entry.Inclusion.Hashes);
    }

    [Fact]
    public async Task Somebody_else_s_entry_is_not_ours_whether_created_or_there()
    {
        server.On("POST", Created.Path, Reply.Of(Exchange.V2("09-hashedrekord-ecdsa-second-signature")),
                Reply.Of(409, "{}", ("X-Log-Index", "2")))
            .On(Exchange.V2("76-checkpoint"), Exchange.V2(Tile), Exchange.V2(Entries));
        Assert.Equal(FailureCode.LogBodySignatureMismatch, (await RefusedAsync(() => log.SubmitAsync(Created.Submission(), Never))).Code);
        Assert.Equal(FailureCode.LogBodyDigestMismatch, (await RefusedAsync(() => log.SubmitAsync(Created.Submission(), Never))).Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("9007199254740992")]
    public async Task A_conflict_without_an_index_is_the_log_s_failure(string? index)
    {
        server.On("POST", Created.Path, Reply.Of(409, "{}", index is null ? [] : [("X-Log-Index", index)]));
        Assert.Equal(LogFailureClass.Log, (await RefusedAsync(() => log.SubmitAsync(Created.Submission(), Never))).Class);
    }

    [Fact]
    public async Task A_conflict_waits_for_a_checkpoint_beyond_its_index()
    {
        server.On(Duplicate, Exchange.V2(Tile), Exchange.V2(Entries))
            .On("GET", "/api/v2/checkpoint", Reply.Of(Exchange.V2("01-checkpoint-empty")), Reply.Of(Exchange.V2("76-checkpoint")));
        Assert.True((await log.SubmitAsync(Created.Submission(), Never)).WasThere);
        Assert.Equal(2, server.Requests.Count(r => r.Path == "/api/v2/checkpoint"));
    }

    [Fact]
    public async Task A_checkpoint_that_does_not_come_is_the_network_s_failure()
    {
        var time = new ManualTime();
        server.On(Duplicate, Exchange.V2("01-checkpoint-empty"));
        var submitting = RefusedAsync(() =>
            Client.V2(server.Url, Exchange.File("rekor2-log.pub.pem"), Origin, time).SubmitAsync(Created.Submission(), Never));
        while (!submitting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }
        Assert.Equal(LogFailureClass.Network, (await submitting).Class);
        Assert.True(server.Requests.Count > 2);
    }

    [Fact]
    public async Task A_frozen_log_is_a_matter_of_configuration_and_says_so()
    {
        server.On(Exchange.V2("98-frozen-create"));
        var refused = await RefusedAsync(() => log.SubmitAsync(Created.Submission(), Never));
        Assert.Equal(LogFailureClass.Config, refused.Class);
        Assert.Contains("frozen", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("101-pushback", LogFailureClass.Network, "reached max pushback; retry")]
    [InlineData("59-create-bad-signature", LogFailureClass.Log, "invalid hashedrekord request")]
    [InlineData("46-create-unknown-kind", LogFailureClass.Log, "unknown field \"hashedRekordRequestV003\"")]
    [InlineData("03-direct-checkpoint", LogFailureClass.Network, "method GetCheckpoint not implemented")]
    public async Task A_refusal_says_who_has_to_act_in_the_log_s_own_words(string name, LogFailureClass failure, string words)
    {
        server.On("POST", Created.Path, Reply.Of(Exchange.V2(name)));
        var refused = await RefusedAsync(() => log.SubmitAsync(Created.Submission(), Never));
        Assert.Equal(failure, refused.Class);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task What_no_v2_log_takes_is_not_sent()
    {
        var submission = Exchange.V1("09-dsse-ed25519-create").Submission();
        Assert.Equal(LogFailureClass.Log, (await RefusedAsync(() => log.SubmitAsync(submission, Never))).Class);
        Assert.Equal(FailureCode.KeyUnsupported,
            (await RefusedAsync(() => log.SubmitAsync(submission with { Kind = LogSubmissionKind.HashedRekord }, Never))).Code);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_checkpoint_of_another_origin_is_refused()
    {
        server.On(Exchange.V2("76-checkpoint"), Created);
        var other = Client.V2(server.Url, Exchange.File("rekor2-log.pub.pem"), "rekor.example.com");
        Assert.Equal(FailureCode.LogOriginMismatch, (await RefusedAsync(() => other.LatestAsync(Never))).Code);
        Assert.Equal(FailureCode.LogUnknown, (await RefusedAsync(() => other.SubmitAsync(Created.Submission(), Never))).Code);
    }

    [Fact]
    public async Task A_log_has_one_head_and_no_index_to_search()
    {
        server.On(Exchange.V2("76-checkpoint"));
        var head = Assert.Single(await log.HeadsAsync(Never));
        Assert.Equal((13, Origin, true), (head.Checkpoint.Size, head.Checkpoint.Origin, head.Active));
        Assert.Equal(head.Checkpoint, await log.LatestAsync(Never));
        Assert.True(await log.AnswersAsync(Never));
        await Assert.ThrowsAsync<NotSupportedException>(() => log.SearchAsync(Digest.Zero, Never));
        server.On("GET", "/api/v2/checkpoint", Reply.Of(200, [0xff, (byte)'\n']));
        Assert.Equal(FailureCode.NoteMalformed, (await RefusedAsync(() => log.LatestAsync(Never))).Code);
    }

    [Fact]
    public async Task An_id_of_another_log_or_beyond_the_checkpoint_finds_nothing()
    {
        server.On(Exchange.V2("76-checkpoint"));
        Assert.Null(await log.FindAsync($"{log.Trusted.LogId}:13", Never));
        var own = log.Trusted.LogId;
        foreach (var id in new[] { "", "0", $"{Digest.Zero}:0", $"{own}:", $"{own}:-1", $"{own}:0:0" })
            Assert.Null(await log.FindAsync(id, Never));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("logIndex", "1", FailureCode.LogIndexMismatch)]
    [InlineData("logIndex", 0, null)]
    [InlineData("logIndex", "00x", null)]
    [InlineData("logId.keyId", "FT2xopdcfdrBViLEb5B1hq+1MgjEAHJ2S1inrZY+BpY", null)]
    [InlineData("logId.keyId", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", FailureCode.LogUnknown)]
    [InlineData("kindVersion.kind", "dsse", FailureCode.LogBodyKindUnknown)]
    [InlineData("kindVersion.version", "0.0.1", FailureCode.LogBodyKindUnknown)]
    [InlineData("inclusionProof", null, null)]
    [InlineData("inclusionProof.logIndex", "1", FailureCode.LogIndexMismatch)]
    [InlineData("inclusionProof.rootHash", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", FailureCode.LogRootMismatch)]
    [InlineData("inclusionProof.treeSize", "2", FailureCode.LogSizeMismatch)]
    [InlineData("inclusionProof.checkpoint.envelope", "", FailureCode.NoteMalformed)]
    [InlineData("canonicalizedBody", "", FailureCode.LogBodyMalformed)]
    public async Task A_member_that_is_not_the_log_s_is_refused(string path, object? value, FailureCode? code)
    {
        var answer = JsonNode.Parse(Created.Answer!)!;
        var (at, names) = (answer, path.Split('.'));
        foreach (var name in names[..^1]) at = at[name]!;
        at[names[^1]] = JsonValue.Create(value);
        server.On("POST", Created.Path, Reply.Of(201, answer.ToJsonString()));
        var refused = await RefusedAsync(() => log.SubmitAsync(Created.Submission(), Never));
        Assert.Equal((LogFailureClass.Log, code), (refused.Class, refused.Code));
    }

    [Theory]
    [InlineData("integratedTime", "1795294588")]
    [InlineData("inclusionPromise", "anything")]
    [InlineData("newMember", "anything")]
    public async Task What_a_v2_log_does_not_sign_is_not_taken_over(string name, string value)
    {
        var answer = JsonNode.Parse(Created.Answer!)!;
        answer[name] = value;
        server.On("POST", Created.Path, Reply.Of(201, answer.ToJsonString()));
        Assert.Equal(0, (await log.SubmitAsync(Created.Submission(), Never)).Entry.IntegratedTime);
    }

    [Fact]
    public async Task A_zero_that_is_left_out_is_read_as_zero()
    {
        var answer = JsonNode.Parse(Created.Answer!)!.AsObject();
        answer.Remove("logIndex");
        answer["inclusionProof"]!.AsObject().Remove("logIndex");
        answer["inclusionProof"]!.AsObject().Remove("hashes");
        server.On("POST", Created.Path, Reply.Of(201, answer.ToJsonString()));
        Assert.Equal(0, (await log.SubmitAsync(Created.Submission(), Never)).Entry.LogIndex);
    }

    private static Task<LogException> RefusedAsync(Func<Task> act) => Assert.ThrowsAsync<LogException>(act);
}
