using System.Diagnostics;
using Ledger.Core.Anchoring;
using Ledger.Testing;
using Ledger.Testing.Time;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>What a network does to an answer, and what is made of it.</summary>
public sealed class LogHttpTests : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Exchange Created = Exchange.V1("06-hashedrekord-ecdsa-create");
    private static readonly Exchange Duplicate = Exchange.V1("07-hashedrekord-ecdsa-duplicate");
    private static readonly Exchange Found = Exchange.V1("46-entry-by-entryid");

    private readonly ManualTime time = new();
    private ScriptedServer server = null!;

    public async Task InitializeAsync() => server = await ScriptedServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_passing_fault_is_tried_again_with_the_same_bytes()
    {
        Posts(Reply.Of(500, """{"code":500,"message":"boom"}"""), Reply.Closed, Reply.Of(Created));
        Assert.False((await SubmitAsync()).WasThere);
        Assert.Equal(3, server.Requests.Count);
        Assert.Single(server.Requests.Select(r => Convert.ToHexString(r.Body)).Distinct());
    }

    [Fact]
    public async Task A_stranger_s_server_is_told_neither_of_traces_nor_of_baggage()
    {
        Posts(Reply.Of(Created));
        using (var request = new Activity("POST /append").AddBaggage("person", "a@example.org").Start()) await SubmitAsync();
        var headers = Assert.Single(server.Requests).Headers;
        Assert.Contains("User-Agent", headers);
        Assert.DoesNotContain(headers, name => name.ToLowerInvariant() is "traceparent" or "tracestate" or "baggage" or "correlation-context");
    }

    [Fact]
    public async Task An_entry_whose_answer_was_lost_is_there_at_the_next_try()
    {
        Posts(Reply.Closed, Reply.Of(Duplicate));
        server.On(Found);
        Assert.True((await SubmitAsync()).WasThere);
    }

    [Fact]
    public async Task An_entry_whose_answer_was_cut_is_there_at_the_next_try()
    {
        Posts(Reply.Cut(Created), Reply.Of(Duplicate));
        server.On(Found);
        Assert.True((await SubmitAsync()).WasThere);
    }

    [Fact]
    public async Task A_broken_log_is_nobody_s_fault_and_does_not_count()
    {
        foreach (var reply in new[] { Reply.Of(500, "boom"), Reply.Of(502, "<html>"), Reply.Cut(Created), Reply.Closed })
        {
            Posts(reply);
            var refused = await RefusedAsync(SubmitAsync);
            Assert.Equal((LogFailureClass.Network, null, null), (refused.Class, refused.Code, refused.RetryAfter));
        }
        Assert.Equal(4 * 3, server.Requests.Count);
    }

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "120", 120)]
    [InlineData(503, null, null)]
    [InlineData(429, "soon", null)]
    [InlineData(429, "99999999", 3600)]
    [InlineData(429, "Thu, 01 Jan 2026 00:00:30 GMT", 30)]
    [InlineData(429, "Wed, 31 Dec 2025 23:00:00 GMT", 0)]
    public async Task Pushback_is_obeyed_not_tried_again_at_once(int status, string? retryAfter, int? seconds)
    {
        Posts(Reply.Of(status, """{"code":14, "message":"reached max pushback; retry"}""", retryAfter is null ? []
            : [("Retry-After", retryAfter)]));
        var refused = await RefusedAsync(() => SubmitAsync(Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"), time: time)));
        Assert.Equal((LogFailureClass.Network, seconds), (refused.Class, (int?)refused.RetryAfter?.TotalSeconds));
        Assert.Contains("reached max pushback", refused.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task What_an_operator_has_to_mend_is_a_matter_of_configuration(int status)
    {
        Posts(Reply.Of(status, "", ("Location", "/elsewhere")));
        Assert.Equal(LogFailureClass.Config, (await RefusedAsync(SubmitAsync)).Class);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("<html>Please log in</html>")]
    [InlineData("")]
    [InlineData("{\"2732b5cc5d803a91")]
    public async Task A_success_that_is_not_JSON_is_not_the_log_s(string body)
    {
        Posts(Reply.Of(200, body), Reply.Of(201, body));
        Assert.Equal(LogFailureClass.Config, (await RefusedAsync(SubmitAsync)).Class);
        Assert.Equal(LogFailureClass.Network, (await RefusedAsync(SubmitAsync)).Class);
    }

    [Fact]
    public async Task An_answer_of_any_size_is_not_taken()
    {
        Posts(Reply.Endless(201), Reply.Of(201, new byte[LogLimits.AnswerBytes + 1]));
        for (var i = 1; i <= 2; i++)
        {
            var refused = await RefusedAsync(SubmitAsync);
            Assert.Equal(LogFailureClass.Log, refused.Class);
            Assert.Contains("more than", refused.Message, StringComparison.Ordinal);
            Assert.Equal(i, server.Requests.Count);
        }
        Posts(Reply.Endless(400));
        Assert.Contains("status 400", (await RefusedAsync(SubmitAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_says_is_shown_on_one_line_and_cut()
    {
        Posts(Reply.Of(400, $$"""{"message":"one\ntwo\u001b[31m {{new string('x', 10_000)}}"}"""), Reply.Of(400, "plain\r\ntext"),
            Reply.Of(400, ""), Reply.Of(400, "{\"message\":\"\\ud800\"}"), Reply.Of(400, [0xff, 0xfe]));
        var messages = new List<string>();
        for (var i = 0; i < 5; i++) messages.Add((await RefusedAsync(SubmitAsync)).Message);
        Assert.All(messages, m => Assert.True(m.Length < 450 && !m.Any(char.IsControl), m));
        Assert.Contains("one two", messages[0], StringComparison.Ordinal);
        Assert.Contains("plain  text", messages[1], StringComparison.Ordinal);
        Assert.Contains("no reason given", messages[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_never_answers_is_given_up_after_thirty_seconds()
    {
        var asked = new TaskCompletionSource();
        Posts(Reply.Silence(asked));
        var submitting = SubmitAsync(Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"), time: time));
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));
        Assert.False(submitting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        var refused = await RefusedAsync(() => submitting);
        Assert.Equal(LogFailureClass.Network, refused.Class);
        Assert.Contains("30 s", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_a_matter_of_the_network()
    {
        var log = Client.V1(new Uri($"http://127.0.0.1:{FreePort.Next()}"), Exchange.File("rekor-log.pub.pem"));
        Assert.Equal(LogFailureClass.Network, (await RefusedAsync(() => log.LatestAsync(Never))).Class);
        Assert.False(await log.AnswersAsync(Never));
    }

    [Fact]
    public async Task An_outage_is_answered_without_asking_until_it_may_be_over()
    {
        var log = Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"), time: time);
        Posts(Reply.Of(500, "boom"));
        var failures = 0;
        LogException? last = null;
        // Each call tries three times, with pauses that this clock must be told of.
        while (last?.RetryAfter is null && ++failures < 10) last = await PassAsync(RefusedAsync(() => SubmitAsync(log)));
        Assert.Equal((LogFailureClass.Network, true), (last!.Class, last.RetryAfter > TimeSpan.Zero));
        var asked = server.Requests.Count;
        await RefusedAsync(() => SubmitAsync(log));
        Assert.Equal(asked, server.Requests.Count);
        Assert.False(await log.AnswersAsync(Never)); // it asks, past the breaker

        // The one try that it lets through then fails, and opens it again before the next: what that try met is what is said.
        time.Advance(TimeSpan.FromSeconds(5));
        var tried = await PassAsync(RefusedAsync(() => SubmitAsync(log)));
        Assert.True(server.Requests.Count > asked);
        Assert.Contains("boom", tried.Message, StringComparison.Ordinal);

        Posts(Reply.Of(Created));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull(await SubmitAsync(log));
    }

    [Fact]
    public async Task One_log_s_outage_is_not_the_other_s()
    {
        Posts(Reply.Of(500, "boom"));
        var broken = Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"), time: time);
        for (var i = 0; i < 5; i++) await PassAsync(RefusedAsync(() => SubmitAsync(broken)));
        Posts(Reply.Of(Created));
        Assert.NotNull(await SubmitAsync(Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"), time: time)));
    }

    [Fact]
    public async Task The_caller_s_own_cancellation_stays_a_cancellation()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var log = Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.SubmitAsync(Created.Submission(), gone.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.AnswersAsync(gone.Token));
    }

    [Fact]
    public async Task Whether_it_answers_is_known_after_five_seconds_at_most()
    {
        var asked = new TaskCompletionSource();
        server.On("GET", "/api/v1/log", Reply.Silence(asked));
        var answering = Client.V1(server.Url, Exchange.File("rekor-log.pub.pem"), time: time).AnswersAsync(Never);
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await answering);
    }

    private void Posts(params Reply[] replies) => server.On("POST", Created.Path, replies);

    private Task<LoggedEntry> SubmitAsync() => SubmitAsync(Client.V1(server.Url, Exchange.File("rekor-log.pub.pem")));

    private static Task<LoggedEntry> SubmitAsync(RekorV1Client log) => log.SubmitAsync(Created.Submission(), Never);

    private static Task<LogException> RefusedAsync(Func<Task> act) => Assert.ThrowsAsync<LogException>(act);

    // Moves the clock in steps that are far below the timeout of one call, while real bytes travel.
    private async Task<T> PassAsync<T>(Task<T> task)
    {
        var since = Stopwatch.StartNew();
        while (!task.IsCompleted && since.Elapsed < TimeSpan.FromSeconds(20))
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(1);
        }
        return await task;
    }
}
