using Ledger.Core.Anchoring;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using System.Text;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>The v1 client against what a real Rekor was recorded to answer.</summary>
public sealed class RekorV1ClientTests : IAsyncLifetime
{
    private const string Origin = "rekor.loopback.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Exchange Created = Exchange.V1("06-hashedrekord-ecdsa-create");
    private static readonly string Id = Created.Headers["Etag"];

    private ScriptedServer server = null!;
    private RekorV1Client log = null!;

    public async Task InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        log = Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"), Origin);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("06-hashedrekord-ecdsa-create")]
    [InlineData("08-hashedrekord-ecdsa-second-signature")]
    [InlineData("09-dsse-ed25519-create")]
    [InlineData("13-dsse-ecdsa-create")]
    public async Task A_created_entry_is_verified_and_has_its_shard_in_its_id(string name)
    {
        var exchange = Exchange.V1(name);
        server.On(exchange);
        var logged = await log.SubmitAsync(exchange.Submission(), Never);
        Assert.Equal((exchange.Headers["Etag"], false), (logged.EntryId, logged.WasThere));
        Assert.Equal(logged.Entry.Inclusion.TreeSize, logged.Checkpoint.Size);
        Assert.Equal(exchange.Answer!.TrimEnd('\n'), Encoding.UTF8.GetString(logged.Raw));
        var sent = Assert.Single(server.Requests);
        Assert.Equal((exchange.Body, "application/json", "application/json"),
            (Encoding.UTF8.GetString(sent.Body), sent.ContentType, sent.Accept));
    }

    [Theory]
    [InlineData("06-hashedrekord-ecdsa-create", "07-hashedrekord-ecdsa-duplicate", "46-entry-by-entryid")]
    [InlineData("09-dsse-ed25519-create", "10-dsse-ed25519-duplicate", "55-entry-index-dsse")]
    public async Task An_entry_that_is_there_is_fetched_compared_and_a_success(string created, string duplicate, string entry)
    {
        var conflict = Exchange.V1(duplicate);
        server.On(conflict).On("GET", conflict.Headers["Location"], Reply.Of(Exchange.V1(entry)));
        var logged = await log.SubmitAsync(Exchange.V1(created).Submission(), Never);
        Assert.Equal((Exchange.V1(created).Headers["Etag"], true, 9), (logged.EntryId, logged.WasThere, logged.Checkpoint.Size));
    }

    [Theory]
    [InlineData("08-hashedrekord-ecdsa-second-signature", FailureCode.LogBodySignatureMismatch)]
    [InlineData("09-dsse-ed25519-create", FailureCode.LogBodyKindUnknown)]
    public async Task Somebody_else_s_entry_is_not_ours_whether_created_or_there(string other, FailureCode code)
    {
        var theirs = Exchange.V1(other);
        server.On("POST", Created.Path, Reply.Of(theirs), Reply.Of(409, "{}", ("Location", theirs.Headers["Location"])))
            .On("GET", theirs.Headers["Location"], Reply.Of(200, theirs.AnswerBytes));
        for (var i = 0; i < 2; i++)
        {
            var refused = await RefusedAsync(() => log.SubmitAsync(Created.Submission(), Never));
            Assert.Equal((LogFailureClass.Log, code), (refused.Class, refused.Code));
        }
        Assert.Equal(["POST", "POST", "GET"], server.Requests.Select(r => r.Method));
    }

    [Fact]
    public async Task A_dsse_of_other_bytes_is_another_envelope()
    {
        var exchange = Exchange.V1("09-dsse-ed25519-create");
        server.On(exchange);
        var submission = exchange.Submission();
        var longer = submission with { Envelope = [.. submission.Envelope!, (byte)' '] };
        var refused = await RefusedAsync(() => log.SubmitAsync(longer, Never));
        Assert.Equal(FailureCode.LogBodyDigestMismatch, refused.Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/api/v1/log/entries/xyz")]
    [InlineData("http://elsewhere.test/api/v1/log/entries/")]
    public async Task A_conflict_that_names_no_entry_is_the_log_s_failure(string? location)
    {
        server.On("POST", Created.Path, Reply.Of(409, "{}", location is null ? [] : [("Location", location)]));
        Assert.Equal(LogFailureClass.Log, (await RefusedAsync(() => log.SubmitAsync(Created.Submission(), Never))).Class);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_entry_that_is_there_but_not_shown_yet_is_waited_for_by_the_job()
    {
        server.On(Exchange.V1("07-hashedrekord-ecdsa-duplicate"));
        Assert.Equal(LogFailureClass.Network, (await RefusedAsync(() => log.SubmitAsync(Created.Submission(), Never))).Class);
    }

    [Theory]
    [InlineData("20-create-malformed-json", LogFailureClass.Network, "unexpected EOF")]
    [InlineData("23-create-empty-body", LogFailureClass.Log, "proposedEntry in body is required")]
    [InlineData("25-create-unknown-kind", LogFailureClass.Log, "invalid kind value: \"nosuch\"")]
    [InlineData("26-create-unknown-version", LogFailureClass.Log, "hashedrekord implementation for version '9.9.9' not found")]
    [InlineData("31-hashedrekord-bad-signature", LogFailureClass.Log, "invalid signature when validating ASN.1 encoded signature")]
    [InlineData("101-entries-delete", LogFailureClass.Config, "method DELETE is not allowed")]
    [InlineData("104-log-accept-text", LogFailureClass.Config, "unsupported media type requested")]
    public async Task A_refusal_says_who_has_to_act_in_the_log_s_own_words(string name, LogFailureClass failure, string words)
    {
        server.On("POST", Created.Path, Reply.Of(Exchange.V1(name)));
        var refused = await RefusedAsync(() => log.SubmitAsync(Created.Submission(), Never));
        Assert.Equal(failure, refused.Class);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"status {Exchange.V1(name).Status}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_Rekor_takes_is_not_sent()
    {
        var ed25519 = Exchange.V1("16-hashedrekord-ed25519-over-digest").Submission();
        var refused = await RefusedAsync(() => log.SubmitAsync(ed25519, Never));
        Assert.Equal((LogFailureClass.Log, FailureCode.KeyUnsupported), (refused.Class, refused.Code));
        await RefusedAsync(() => log.SubmitAsync(ed25519 with { Kind = LogSubmissionKind.Dsse }, Never));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task An_entry_is_found_by_either_form_of_its_id_and_by_its_index()
    {
        server.On(Exchange.V1("46-entry-by-entryid"), Exchange.V1("47-entry-by-uuid"), Exchange.V1("55-entry-index-dsse"),
            Exchange.V1("50-entry-unknown-uuid"), Exchange.V1("56-entry-index-size"));
        Assert.Equal(Id, (await log.FindAsync(Id, Never))!.EntryId);
        Assert.Equal(Id, (await log.FindAsync(Id[16..], Never))!.EntryId);
        Assert.Equal(("dsse", 2), (await log.AtAsync(2, Never) is { } entry ? (entry.Entry.Kind, entry.Entry.LogIndex) : default));
        Assert.Null(await log.FindAsync(Exchange.V1("50-entry-unknown-uuid").Path.Split('/')[^1], Never));
        Assert.Null(await log.AtAsync(9, Never));
        Assert.Equal(5, server.Requests.Count);
        foreach (var malformed in new[] { "", "xyz", Id + "0", $"../{Id[3..]}", new string('g', 64) })
            Assert.Null(await log.FindAsync(malformed, Never));
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task Another_entry_than_was_asked_for_is_refused()
    {
        var asked = $"/api/v1/log/entries/{Exchange.V1("09-dsse-ed25519-create").Headers["Etag"]}";
        server.On("GET", asked, Reply.Of(Exchange.V1("46-entry-by-entryid")))
            .On("GET", "/api/v1/log/entries?logIndex=0", Reply.Of(Exchange.V1("55-entry-index-dsse")));
        Assert.Equal(LogFailureClass.Log, (await RefusedAsync(() => log.FindAsync(asked.Split('/')[^1], Never))).Class);
        Assert.Equal(LogFailureClass.Log, (await RefusedAsync(() => log.AtAsync(0, Never))).Class);
    }

    [Fact]
    public async Task Entries_are_retrieved_together_and_those_that_are_not_there_are_left_out()
    {
        server.On(Exchange.V1("92-retrieve-known-and-unknown"));
        Assert.Equal(Id, Assert.Single(await log.RetrieveAsync([Id, Id[..16] + new string('0', 63) + "1"], Never)).EntryId);
        Assert.Equal(Exchange.V1("92-retrieve-known-and-unknown").Body, Encoding.UTF8.GetString(Assert.Single(server.Requests).Body));
        server.On("POST", "/api/v1/log/entries/retrieve", Reply.Of(200, Exchange.V1("88-retrieve-logindexes").AnswerBytes));
        Assert.Equal([0, 2], (await log.RetrieveAsync([Id], Never)).Select(e => e.Entry.LogIndex));
    }

    [Fact]
    public async Task A_search_gives_the_ids_of_the_index()
    {
        server.On(Exchange.V1("70-index-hash"));
        var digest = Created.Submission().Digest;
        Assert.Equal(["61410e9c", "c39af698", "1e44bb3d"], (await log.SearchAsync(digest, Never)).Select(id => id[16..24]));
        Assert.Equal(Exchange.V1("70-index-hash").Body, Encoding.UTF8.GetString(Assert.Single(server.Requests).Body));
        server.On("POST", "/api/v1/index/retrieve", Reply.Of(Exchange.V1("82-index-unknown-email")), Reply.Of(200, """["../../x"]"""));
        Assert.Empty(await log.SearchAsync(digest, Never));
        Assert.Equal(LogFailureClass.Log, (await RefusedAsync(() => log.SearchAsync(digest, Never))).Class);
    }

    [Fact]
    public async Task The_head_is_what_the_log_signed_and_when_it_answered()
    {
        server.On(Exchange.V1("43-log-info"));
        var head = Assert.Single(await log.HeadsAsync(Never));
        Assert.Equal((9, "rekor.loopback.test - 2824519805661362833", true),
            (head.Checkpoint.Size, head.Checkpoint.Origin, head.Active));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 20, 56, 30, TimeSpan.Zero), head.ServerTime);
        Assert.Equal(head.Checkpoint, await log.LatestAsync(Never));
        Assert.Null(LogCheckpoint.Verify(head.Note, log.Trusted, out _));
        server.On(Exchange.V1("01-log-empty"));
        Assert.Equal(0, (await log.LatestAsync(Never)).Size);
        Assert.True(await log.AnswersAsync(Never));
    }

    [Theory]
    [InlineData("\"treeSize\":9", "\"treeSize\":8")]
    [InlineData("\"rootHash\":\"b4", "\"rootHash\":\"b5")]
    [InlineData("\"treeID\":\"28", "\"treeID\":\"29")]
    [InlineData("\\n9\\ntNgO", "\\n8\\ntNgO")]
    public async Task A_head_that_is_not_the_signed_one_is_refused(string from, string to)
    {
        var info = Exchange.V1("43-log-info");
        server.On("GET", info.Path, Reply.Of(200, info.Answer!.Replace(from, to, StringComparison.Ordinal)));
        Assert.Equal(LogFailureClass.Log, (await RefusedAsync(() => log.LatestAsync(Never))).Class);
    }

    [Fact]
    public async Task A_host_name_other_than_the_configured_one_is_refused()
    {
        server.On(Exchange.V1("43-log-info"), Created);
        var other = Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"), "rekor.example.com");
        Assert.Equal(FailureCode.LogOriginMismatch, (await RefusedAsync(() => other.LatestAsync(Never))).Code);
        Assert.Equal(FailureCode.LogOriginMismatch, (await RefusedAsync(() => other.SubmitAsync(Created.Submission(), Never))).Code);
        var any = Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"));
        Assert.Equal(9, (await any.LatestAsync(Never)).Size);
    }

    [Fact]
    public async Task A_consistency_proof_is_asked_for_by_tree_and_checked()
    {
        var path = "/api/v1/log/proof?firstSize=3&lastSize=9&treeID=2824519805661362833";
        server.On("GET", path, Reply.Of(Exchange.V1("61-proof-3-size")))
            .On(Exchange.V1("43-log-info"), Exchange.V1("09-dsse-ed25519-create"));
        var three = (await log.SubmitAsync(Exchange.V1("09-dsse-ed25519-create").Submission(), Never)).Checkpoint;
        var nine = await log.LatestAsync(Never);
        Assert.Equal(5, (await log.ConsistencyAsync(three, nine, Never)).Count);
        Assert.Empty(await log.ConsistencyAsync(nine, nine, Never));

        var refused = await RefusedAsync(() => log.ConsistencyAsync(three with { Root = nine.Root }, nine, Never));
        Assert.Equal((LogFailureClass.Log, FailureCode.ConsistencyFromRootMismatch), (refused.Class, refused.Code));
        Assert.Equal(FailureCode.ConsistencySizeOutOfRange, (await RefusedAsync(() => log.ConsistencyAsync(nine, three, Never))).Code);
        Assert.NotNull((await RefusedAsync(() => log.ConsistencyAsync(nine with { Root = three.Root }, nine, Never))).Code);
        var bent = Exchange.V1("61-proof-3-size").Answer!.Replace("\"33d3", "\"33d4", StringComparison.Ordinal);
        server.On("GET", path, Reply.Of(200, bent));
        Assert.NotNull((await RefusedAsync(() => log.ConsistencyAsync(three, nine, Never))).Code);
        server.On("GET", path, Reply.Of(Exchange.V1("65-proof-first-gt-last")));
        Assert.Equal(LogFailureClass.Log, (await RefusedAsync(() => log.ConsistencyAsync(three, nine, Never))).Class);
    }

    private static Task<LogException> RefusedAsync(Func<Task> act) => Assert.ThrowsAsync<LogException>(act);
}
