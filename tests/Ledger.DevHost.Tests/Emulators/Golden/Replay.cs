using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Tests.Emulators.Golden;

/// <summary>Sends recorded exchanges in order and says where the answers differ from the recorded ones.</summary>
internal static class Replay
{
    // What HTTP itself adds, or what is compared in another way.
    private static readonly HashSet<string> NotCompared = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "Content-Length", "Content-Type", "Transfer-Encoding", "Last-Modified", "Connection",
    };

    private static readonly char[] Separators = ['/', '?', '&', '='];

    public static Task<IReadOnlyList<string>> DifferencesAsync(string server, Uri address, Dictionary<string, string> given) =>
        DifferencesAsync(Exchange.Read(server), address, given, _ => Task.CompletedTask);

    /// <param name="exchanges">In their order.</param>
    /// <param name="address">Of the server that is to answer as the real one did.</param>
    /// <param name="given">What placeholders stand for; more is learnt.</param>
    /// <param name="before">Runs before each, to bring the server into the state that the real one was in.</param>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        IEnumerable<Exchange> exchanges, Uri address, Dictionary<string, string> given, Func<Exchange, Task> before)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        var memory = new Memory(given);
        var differences = new List<string>();
        foreach (var exchange in exchanges)
        {
            await before(exchange);
            using var request = RequestOf(exchange, memory);
            using var response = await http.SendAsync(request);
            var found = Compare(exchange, response, await response.Content.ReadAsStringAsync(), memory).ToArray();
            if (!exchange.StateOnly && found.Length > 0)
                differences.Add($"{exchange.Number}-{exchange.Name}: {exchange.Method} {exchange.Path}: {string.Join("; ", found)}");
        }
        return differences;
    }

    private static HttpRequestMessage RequestOf(Exchange exchange, Memory memory)
    {
        var request = new HttpRequestMessage(new HttpMethod(exchange.Method), new Uri(memory.Put(exchange.Path), UriKind.Relative));
        if (exchange.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(memory.Put(exchange.Body)));
            if (exchange.Headers.TryGetValue("Content-Type", out var type))
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        foreach (var (name, value) in exchange.Headers.Where(h => h.Key != "Content-Type"))
            request.Headers.TryAddWithoutValidation(name, memory.Put(value));
        return request;
    }

    private static string[] Compare(Exchange exchange, HttpResponseMessage response, string text, Memory memory)
    {
        if ((int)response.StatusCode != exchange.Status)
            return [$"status {(int)response.StatusCode}, the real server's {exchange.Status}: {text}"];
        return
        [
            .. CompareLocation(exchange.Location, response.Headers.Location?.OriginalString ?? "", memory),
            .. CompareBody(exchange, response, text, memory),
            .. CompareHeaders(exchange, response, memory),
        ];
    }

    // Ids in it are learnt first; what is left must be the same.
    private static string[] CompareLocation(string? recorded, string actual, Memory memory)
    {
        if (recorded is null)
            return [];
        foreach (var (was, now) in recorded.Split(Separators).Zip(actual.Split(Separators)))
            memory.Learn(was, now);
        return memory.Put(recorded) == actual ? [] : [$"Location {actual}, the real server's {memory.Put(recorded)}"];
    }

    private static string[] CompareBody(Exchange exchange, HttpResponseMessage response, string text, Memory memory)
    {
        if (exchange.Answer.Length == 0)
            return text.Length == 0 ? [] : ["a body where the real server has none"];
        var type = response.Content.Headers.ContentType?.MediaType;
        if (type != exchange.MediaType)
            return [$"media type {type}, the real server's {exchange.MediaType}"];
        if (type != "application/json")
            return text.Length > 0 ? [] : ["no body"];
        var (recorded, actual) = (Parse(exchange.Answer), Parse(text));
        var differences = Difference.Between(recorded, actual, memory).ToArray();
        memory.Learn(recorded, actual);
        return differences;
    }

    private static IEnumerable<string> CompareHeaders(Exchange exchange, HttpResponseMessage response, Memory memory)
    {
        if (exchange.AnswerHeaders is not { } recorded)
            yield break;
        var actual = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(h => !NotCompared.Contains(h.Key))
            .ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in recorded)
        {
            if (!actual.Remove(name, out var got) || got != memory.Put(value))
                yield return $"{name} is {got}, the real server's {memory.Put(value)}";
        }
        foreach (var extra in actual.Keys)
            yield return $"{extra} is extra";
    }

    private static JsonElement Parse(string text)
    {
        using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 512 });
        return json.RootElement.Clone();
    }
}
