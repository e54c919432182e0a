using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Ledger.Workers.Tests.Crashes;

/// <summary>What one acknowledged append was told.</summary>
internal sealed record Acknowledged(string Key, string Payload, string Id, long Seq, string Receipt);

/// <summary>
/// Clients that never give up: each request has an Idempotency-Key and is sent again, to whichever API is next, until it is answered 201.
/// </summary>
internal sealed class PersistentWriters(IReadOnlyList<HttpClient> apis, int clients)
{
    private readonly ConcurrentQueue<Acknowledged> acknowledged = new();
    private readonly ConcurrentQueue<string> refused = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> waiting = [];
    private volatile bool stopping;
    private Task running = Task.CompletedTask;

    public IReadOnlyCollection<Acknowledged> Acknowledged => acknowledged;

    /// <summary>Answers other than 201 and 503: there should be none, whatever is killed.</summary>
    public IReadOnlyCollection<string> Refused => refused;

    public void Start() => running = Task.WhenAll(Enumerable.Range(0, clients).Select(c => Task.Run(() => ClientAsync(c))));

    /// <summary>Ends when so many more than now have been acknowledged.</summary>
    public Task MoreAsync(int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (waiting) waiting.Add((acknowledged.Count + count, reached));
        return Task.WhenAny(reached.Task, running).WaitAsync(TimeSpan.FromMinutes(2))
            .ContinueWith(t => t.GetAwaiter().GetResult(), TaskScheduler.Default);
    }

    /// <summary>Lets every client finish the request it is at: after this, every key that was ever sent has been acknowledged.</summary>
    public async Task FinishAsync()
    {
        stopping = true;
        await running.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private async Task ClientAsync(int client)
    {
        for (var i = 0; !stopping; i++)
        {
            var key = $"client-{client}-request-{i}";
            var payload = Convert.ToBase64String(Encoding.UTF8.GetBytes(key));
            var body = $$$"""{"subject":"crash","payload":"{{{payload}}}","meta":{"key":"{{{key}}}"}}""";
            for (var tries = client; !await TryAsync(apis[tries % apis.Count], key, payload, body); tries++) await Task.Delay(20);
        }
    }

    private async Task<bool> TryAsync(HttpClient api, string key, string payload, string body)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/append")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json")
            };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await api.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode != HttpStatusCode.Created)
            {
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) refused.Enqueue($"{(int)answer.StatusCode} {text}");
                return false;
            }
            using var json = JsonDocument.Parse(text);
            acknowledged.Enqueue(new Acknowledged(key, payload, json.RootElement.GetProperty("id").GetString()!,
                json.RootElement.GetProperty("chain_seq").GetInt64(), text));
            lock (waiting)
                foreach (var (_, reached) in waiting.Where(w => acknowledged.Count >= w.Count)) reached.TrySetResult();
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            return false; // killed under our hands: the same key again
        }
    }
}
