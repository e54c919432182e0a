using System.Text.Json.Nodes;
using Ledger.Core.Anchoring;
using Ledger.Verify;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A v1 log that does not tell the truth: one row per member of its answer.</summary>
public sealed class RekorV1AnswerTests : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Exchange Created = Exchange.V1("06-hashedrekord-ecdsa-create");
    private static readonly Exchange Found = Exchange.V1("46-entry-by-entryid");

    private ScriptedServer server = null!;
    private RekorV1Client log = null!;

    public async Task InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        log = Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"), "rekor.loopback.test");
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_answers_that_are_bent_here_pass_unbent()
    {
        Assert.NotNull(await SubmitAsync(_ => { }));
        Assert.NotNull(await FindAsync(_ => { }));
    }

    [Theory]
    [InlineData("body", "YWJj", null)]
    [InlineData("integratedTime", 1795294589, FailureCode.SetInvalid)]
    [InlineData("integratedTime", 0, FailureCode.SetOutOfValidity)]
    [InlineData("integratedTime", -1, null)]
    [InlineData("integratedTime", "1795294588", null)]
    [InlineData("logID", "e92adaefa2a77c6872bbf96bf8c00eef0c922dbadae20bc9f1afd1d2a012aeb9", FailureCode.LogUnknown)]
    [InlineData("logID", "E92ADAEFA2A77C6872BBF96BF8C00EEF0C922DBADAE20BC9F1AFD1D2A012AEB8", null)]
    [InlineData("logIndex", 1, FailureCode.SetInvalid)]
    [InlineData("logIndex", 9007199254740992, null)]
    [InlineData("verification", null, null)]
    [InlineData("verification.signedEntryTimestamp", null, FailureCode.SetInvalid)]
    [InlineData("verification.signedEntryTimestamp", "AAAA", FailureCode.SetInvalid)]
    [InlineData("verification.signedEntryTimestamp", "A", null)]
    [InlineData("verification.inclusionProof", null, null)]
    [InlineData("verification.inclusionProof.checkpoint", "", FailureCode.NoteMalformed)]
    [InlineData("verification.inclusionProof.hashes", null, null)]
    [InlineData("verification.inclusionProof.logIndex", 1, FailureCode.LogIndexMismatch)]
    [InlineData("verification.inclusionProof.rootHash", "1e44bb3db05bee29de048390ad82fdd1073914013627181895377bd5eb6be202",
        FailureCode.LogRootMismatch)]
    [InlineData("verification.inclusionProof.treeSize", 2, FailureCode.LogSizeMismatch)]
    public async Task A_member_that_is_not_the_log_s_is_refused(string path, object? value, FailureCode? code)
    {
        var refused = await Assert.ThrowsAsync<LogException>(() => SubmitAsync(entry => Set(entry, path, value)));
        Assert.Equal((LogFailureClass.Log, code), (refused.Class, refused.Code));
    }

    [Fact]
    public async Task A_checkpoint_that_another_key_signed_is_refused()
    {
        using var other = new SyntheticV1();
        other.Shard("rekor.loopback.test - 2824519805661362833", [1]);
        var refused = await Assert.ThrowsAsync<LogException>(() =>
            SubmitAsync(entry => Set(entry, "verification.inclusionProof.checkpoint", other.Shards[0].Checkpoint())));
        Assert.Equal((LogFailureClass.Log, FailureCode.NoteKeyUnknown), (refused.Class, refused.Code));
    }

    [Fact]
    public async Task A_signature_that_was_bent_is_refused()
    {
        var refused = await Assert.ThrowsAsync<LogException>(() => SubmitAsync(entry =>
        {
            var note = entry["verification"]!["inclusionProof"]!["checkpoint"]!.GetValue<string>();
            Set(entry, "verification.inclusionProof.checkpoint", note.Replace("zBF", "zBG", StringComparison.Ordinal));
        }));
        Assert.Equal(FailureCode.NoteSignatureInvalid, refused.Code);
    }

    [Theory]
    [InlineData(0, FailureCode.InclusionRootMismatch)]
    [InlineData(3, FailureCode.InclusionRootMismatch)]
    [InlineData(-1, FailureCode.InclusionProofLength)]
    [InlineData(4, FailureCode.InclusionProofLength)]
    [InlineData(100, null)]
    public async Task A_proof_with_another_hash_or_more_or_fewer_is_refused(int at, FailureCode? code)
    {
        var refused = await Assert.ThrowsAsync<LogException>(() => FindAsync(entry =>
        {
            var hashes = entry["verification"]!["inclusionProof"]!["hashes"]!.AsArray();
            if (at < 0) hashes.RemoveAt(0);
            else if (at < hashes.Count) hashes[at] = new string('0', 64);
            else while (hashes.Count <= at) hashes.Add(new string('0', 64));
        }));
        Assert.Equal((LogFailureClass.Log, code), (refused.Class, refused.Code));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("""{"xyz":{}}""")]
    [InlineData("""{"\ud800":{}}""")]
    [InlineData("""{"1e44bb3db05bee29de048390ad82fdd1073914013627181895377bd5eb6be201":{"body":"\ud800"}}""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"1e44bb3db05bee29de048390ad82fdd1073914013627181895377bd5eb6be201":[]}""")]
    public async Task JSON_that_is_no_entry_is_the_log_s_failure(string answer)
    {
        server.On("POST", Created.Path, Reply.Of(201, answer)).On("GET", Found.Path, Reply.Of(200, answer));
        var submitting = await Assert.ThrowsAsync<LogException>(() => log.SubmitAsync(Created.Submission(), Never));
        var finding = await Assert.ThrowsAsync<LogException>(() => log.FindAsync(Found.Path.Split('/')[^1], Never));
        Assert.Equal((LogFailureClass.Log, LogFailureClass.Log), (submitting.Class, finding.Class));
    }

    [Fact]
    public async Task Two_entries_for_one_are_refused()
    {
        var two = JsonNode.Parse(Created.Answer!)!.AsObject();
        two.Add(new string('0', 64), two.First().Value!.DeepClone());
        server.On("POST", Created.Path, Reply.Of(201, two.ToJsonString()));
        var refused = await Assert.ThrowsAsync<LogException>(() => log.SubmitAsync(Created.Submission(), Never));
        Assert.Equal(LogFailureClass.Log, refused.Class);
    }

    [Fact]
    public async Task A_member_of_a_newer_server_is_passed_over() =>
        Assert.NotNull(await SubmitAsync(entry => Set(entry, "attestation", new JsonObject { ["data"] = "e30=" })));

    private Task<LoggedEntry> SubmitAsync(Action<JsonNode> bend)
    {
        server.On("POST", Created.Path, Reply.Of(201, Bent(Created, bend)));
        return log.SubmitAsync(Created.Submission(), Never);
    }

    private Task<LoggedEntry?> FindAsync(Action<JsonNode> bend)
    {
        server.On("GET", Found.Path, Reply.Of(200, Bent(Found, bend)));
        return log.FindAsync(Found.Path.Split('/')[^1], Never);
    }

    private static string Bent(Exchange exchange, Action<JsonNode> bend)
    {
        var answer = JsonNode.Parse(exchange.Answer!)!.AsObject();
        bend(answer.First().Value!);
        return answer.ToJsonString();
    }

    private static void Set(JsonNode entry, string path, object? value)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1]) entry = entry[name]!;
        entry[names[^1]] = value is JsonNode node ? node : JsonValue.Create(value);
    }
}
