using Ledger.Core.Storage;
using Ledger.Core.Telemetry;
using Ledger.Core.Tests.Anchoring;

namespace Ledger.Core.Tests.Storage;

/// <summary>What the storage's answers are taken for, and what an operator is told. The XML is as MinIO and AWS send it.</summary>
public sealed class StorageAnswerTests : IAsyncLifetime, IDisposable
{
    private const string Path = "/ledger-marks/marks/demo/1", Secret = "Zm9yIG5vYm9keQ";

    // One of several parts: the SDK takes any other for the content's MD5, and holds what it reads against it.
    private const string ETag = "\"9b2cf535f27731c974343645a3985328-1\"";

    private static readonly ObjectName Name = new("ledger-marks", "marks/demo/1");

    private readonly LedgerMeter meter = new();
    private ScriptedServer server = null!;

    public async Task InitializeAsync() => server = await ScriptedServer.StartAsync();

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    public void Dispose() => meter.Dispose();

    [Fact]
    public async Task Only_the_storages_own_word_says_that_there_is_no_object()
    {
        server.On("GET", Path, Error(404, "NoSuchKey"));
        Assert.Null(await Storage().ReadAsync(Name, 100, default));
    }

    [Theory]
    [InlineData("NoSuchBucket", 404, "There is no bucket 'ledger-marks': make it, or correct the setting that names it.")]
    [InlineData("AccessDenied", 403, "The storage denies get of s3://ledger-marks/marks/demo/1: allow s3:GetObject and s3:PutObject on the "
        + "objects, and s3:ListBucket on the bucket, without which a missing object is denied as well.")]
    [InlineData("InvalidAccessKeyId", 403, "The storage does not know the access key: check Storage:AccessKey.")]
    [InlineData("SignatureDoesNotMatch", 403, "The storage refuses the signature: check Storage:SecretKey.")]
    [InlineData("AuthorizationHeaderMalformed", 400,
        "Bucket 'ledger-marks' is in another region, or at another address: check Storage:Region and Storage:Endpoint.")]
    [InlineData("RequestTimeTooSkewed", 403, "The storage's clock and this machine's differ too much: set the clocks.")]
    [InlineData("ExpiredToken", 400, "The storage's credentials have expired or are not valid: renew them.")]
    [InlineData("MethodNotAllowed", 405, "The storage answered get of s3://ledger-marks/marks/demo/1 with 405 MethodNotAllowed.")]
    [InlineData("Odd\ncode", 400, "The storage answered get of s3://ledger-marks/marks/demo/1 with 400 and no code.")]
    public async Task A_refusal_is_told_with_what_to_mend_and_is_not_tried_again(string code, int status, string text)
    {
        server.On("GET", Path, Error(status, code));
        var refused = await Assert.ThrowsAsync<StorageException>(() => Storage().ReadAsync(Name, 100, default));
        Assert.Equal((StorageFault.Refused, text), (refused.Fault, refused.Message));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(404, "text/html", "<html>not here</html>")]
    [InlineData(404, "application/xml", "")]
    [InlineData(403, "text/html", "<html>log in</html>")]
    public async Task What_a_proxy_answers_is_not_a_missing_object(int status, string type, string body)
    {
        server.On("GET", Path, Reply.Of(status, body, ("Content-Type", type)));
        await Assert.ThrowsAsync<StorageException>(() => Storage().ReadAsync(Name, 100, default));
    }

    [Fact]
    public async Task A_page_that_answers_everything_with_200_is_not_a_storage()
    {
        server.Otherwise = (_, _) => Reply.Of(200, "<html>log in</html>", ("Content-Type", "text/html"));
        await Assert.ThrowsAsync<StorageException>(() => Storage().ReadAsync(Name, 100, default));
        await Assert.ThrowsAsync<StorageException>(() => Storage().TryWriteAsync(Name, [1], null, default));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    public async Task A_redirection_is_not_followed(int status)
    {
        server.On("PUT", Path, Reply.Of(status, "", ("Location", $"{server.Url}elsewhere")));
        server.Otherwise = (_, _) => Object("<html>log in</html>");
        await Assert.ThrowsAsync<StorageException>(() => Storage().TryWriteAsync(Name, [1], null, default));
        Assert.DoesNotContain(server.Requests, request => request.Path == "/elsewhere");
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again()
    {
        server.On("GET", Path, Error(503, "SlowDown"), Object("mark"));
        var read = await Storage().ReadAsync(Name, 100, default);
        Assert.Equal((ETag, 4), (read!.Version, read.Content.Length));
    }

    [Fact]
    public async Task A_longer_object_is_not_read_to_its_end()
    {
        server.On("GET", Path, Object(new string('x', 1_000)));
        Assert.Equal(101, (await Storage().ReadAsync(Name, 100, default))!.Content.Length);
    }

    [Theory]
    [InlineData("mine", true)]
    [InlineData("another's", false)]
    public async Task After_a_conflict_of_two_writers_the_object_itself_says_who_won(string stored, bool won)
    {
        server.On("PUT", Path, Error(409, "ConditionalRequestConflict"));
        server.On("GET", Path, Object(stored));
        Assert.Equal(won, await Storage().TryWriteAsync(Name, "mine"u8.ToArray(), "\"v1\"", default));
    }

    [Fact]
    public async Task A_write_whose_connection_ended_is_not_sent_again_behind_our_back()
    {
        server.On("GET", Path, Error(404, "NoSuchKey"), Object("another's"));
        server.On("PUT", Path, Reply.Closed, Error(412, "PreconditionFailed"));
        var storage = Storage();
        Assert.Null(await storage.ReadAsync(Name, 100, default)); // its connection is used again
        Assert.False(await storage.TryWriteAsync(Name, "mine"u8.ToArray(), null, default));
        Assert.Equal(["GET", "PUT", "PUT", "GET"], server.Requests.Select(r => r.Method));
    }

    [Fact]
    public async Task After_a_conflict_that_nobody_won_it_is_not_told_as_lost()
    {
        server.On("PUT", Path, Error(409, "ConditionalRequestConflict"));
        server.On("GET", Path, Error(404, "NoSuchKey"));
        await Assert.ThrowsAsync<StorageException>(() => Storage().TryWriteAsync(Name, "mine"u8.ToArray(), null, default));
    }

    [Theory]
    [InlineData(412, "PreconditionFailed", "\"v1\"")]
    [InlineData(412, "PreconditionFailed", null)]
    [InlineData(404, "NoSuchKey", "\"v1\"")]
    public async Task A_condition_that_does_not_hold_is_an_answer(int status, string code, string? replaced)
    {
        server.On("PUT", Path, Error(status, code));
        Assert.False(await Storage().TryWriteAsync(Name, [1], replaced, default));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_storage_that_is_away_is_told_once_by_itself_and_then_by_its_circuit()
    {
        var storage = Storage(new Uri("http://127.0.0.1:9")); // the discard port: nobody listens
        var away = await Assert.ThrowsAsync<StorageException>(() => storage.ReadAsync(Name, 100, default));
        var open = await Assert.ThrowsAsync<StorageException>(() => storage.TryWriteAsync(Name, [1], null, default));
        Assert.Equal(StorageFault.NotSent, away.Fault);
        Assert.Contains("http://127.0.0.1:9", away.Message, StringComparison.Ordinal);
        Assert.Contains("is given a moment", open.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_not_an_outage()
    {
        var asked = new TaskCompletionSource();
        server.On("GET", Path, Reply.Silence(asked));
        using var cancel = new CancellationTokenSource();
        var reading = Storage().ReadAsync(Name, 100, cancel.Token);
        await asked.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task No_secret_is_in_what_is_said()
    {
        foreach (var code in new[] { "SignatureDoesNotMatch", "InvalidAccessKeyId", "InternalError", "Else" })
        {
            server.On("GET", Path, Reply.Of(code == "InternalError" ? 500 : 403,
                $"<Error><Code>{code}</Code><Message>{Secret}</Message><AWSAccessKeyId>{Secret}</AWSAccessKeyId></Error>",
                ("Content-Type", "application/xml")));
            var said = await Assert.ThrowsAsync<StorageException>(() => Storage().ReadAsync(Name, 100, default));
            Assert.DoesNotContain(Secret, said.Message, StringComparison.Ordinal);
        }
    }

    private static Reply Error(int status, string code) => Reply.Of(status,
        $"""<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>As it says.</Message></Error>""",
        ("Content-Type", "application/xml"));

    private static Reply Object(string content) => Reply.Of(200, content, ("ETag", ETag));

    private ObjectStorage Storage(Uri? url = null) => new(
        StorageClient.Create(new StorageOptions { Endpoint = url ?? server.Url, AccessKey = "ledger", SecretKey = Secret }),
        StorageResilience.Create(TimeProvider.System), new StorageMetrics(meter));
}
