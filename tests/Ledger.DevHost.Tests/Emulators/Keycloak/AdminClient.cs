using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

/// <summary>Sends plain requests below <c>/admin/realms/:realm</c>.</summary>
internal sealed class AdminClient(Uri address, string realm, string? token) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = new Uri(address, $"/admin/realms/{realm}/") };

    public async Task<AdminReply> SendAsync(string method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        using var answer = await http.SendAsync(request);
        return new AdminReply((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location);
    }

    public Task<AdminReply> GetAsync(string path) => SendAsync("GET", path);

    /// <summary>Makes a user and returns the id.</summary>
    public async Task<string> CreateAsync(string user)
    {
        var reply = await SendAsync("POST", "users", user);
        return reply.Status == 201 ? reply.Location!.Segments[^1] : throw new InvalidOperationException($"{reply.Status}: {reply.Text}");
    }

    public async Task<JsonElement> UserAsync(string id) => (await GetAsync($"users/{id}")).Json;

    public async Task<string> IdOfAsync(string username)
        => (await GetAsync($"users?username={username}&exact=true")).Json[0].GetProperty("id").GetString()!;

    public void Dispose() => http.Dispose();
}

internal sealed record AdminReply(int Status, string Text, Uri? Location)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public override string ToString() => $"{Status} {Text}";
}
