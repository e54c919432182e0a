using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Tests.Emulators.Golden;

/// <summary>Sends recorded exchanges in order and says where the answers differ from the recorded ones.</summary>
internal static class Replay
{
    public static async Task<IReadOnlyList<string>> DifferencesAsync(string server, Uri address, Dictionary<string, string> given)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        var memory = new Memory(given);
        var differences = new List<string>();
        foreach (var exchange in Exchange.Read(server))
        {
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

    private static JsonElement Parse(string text)
    {
        using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 512 });
        return json.RootElement.Clone();
    }
}
