using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.People;

namespace Ledger.Core.Tests.People;

/// <summary>The admin REST of one realm in memory, with the recorded server's refusals, and ways to fail that a server has: away, or gone
/// after it did what it was asked.</summary>
internal sealed class FakeKeycloak : HttpMessageHandler
{
    private const string Root = "/admin/realms/ledger/users";

    private static readonly string[] RealmRoles = ["AUDITOR", "CLIENT_ADMIN", "CLIENT_TECH", "entries:write", "offline_access"];

    private int lastId;

    public List<FakeUser> Users { get; } = [];

    /// <summary>Method and path of each admin request, in order; ids are left out.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Writes that were done.</summary>
    public int Writes { get; private set; }

    public int Tokens { get; private set; }

    /// <summary>Connections are refused.</summary>
    public bool IsDown { get; set; }

    /// <summary>The answer to this write (from 1) never arrives.</summary>
    public int? CutAfterWrite { get; set; }

    /// <summary>Runs when a request arrives.</summary>
    public Action<string>? Arrived { get; set; }

    /// <summary>Answers instead, where it has one.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Instead { get; set; } = _ => null;

    public string? Accepted { get; set; }

    /// <summary>Lists by attribute have everybody, as where the filter cannot be read.</summary>
    public bool IsFilterBroken { get; set; }

    /// <param name="username">The address too, where it is one.</param>
    public FakeUser Add(string username, string tenant, bool enabled = true)
    {
        var user = new FakeUser(NewId(), username)
        {
            Email = username.Contains('@') ? username : $"{username}@example.com",
            FirstName = "F", LastName = "L", Enabled = enabled, Attributes = new() { ["tenant"] = [tenant] },
        };
        Users.Add(user);
        return user;
    }

    /// <summary>What the password grant says.</summary>
    public string SignIn(string username, string password) =>
        Users.SingleOrDefault(u => u.Username == username) is not { } user || user.Password != password ? "Invalid user credentials"
        : !user.Enabled ? "Account disabled" : user.HasToChangePassword ? "Account is not fully set up" : "ok";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsDown) throw new HttpRequestException("Connection refused (keycloak.test:80)");
        if (Instead(request) is { } other) return other;
        var path = request.RequestUri!.AbsolutePath;
        if (path == "/realms/ledger/protocol/openid-connect/token")
            return Token(await request.Content!.ReadAsStringAsync(cancellationToken));
        if (request.Headers.Authorization?.Parameter != Accepted) return Json(401, """{"error":"HTTP 401 Unauthorized"}""");
        var body = request.Content is null ? default
            : JsonDocument.Parse(await request.Content.ReadAsByteArrayAsync(cancellationToken)).RootElement;
        var said = $"{request.Method} {string.Join('/', path[Root.Length..].Split('/').Select(p => Guid.TryParse(p, out _) ? "ID" : p))}";
        Arrived?.Invoke(said);
        Requests.Add(said);
        var answer = Answer(request.Method.Method, path[Root.Length..].Trim('/').Split('/'), request.RequestUri.Query, body);
        if (request.Method == HttpMethod.Get) return answer;
        return ++Writes == CutAfterWrite ? throw new IOException("The connection was cut.") : answer;
    }

    private HttpResponseMessage Token(string form)
    {
        if (!form.Contains("client_secret=secret", StringComparison.Ordinal))
            return Json(401, """{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}""");
        Accepted = $"token{++Tokens}";
        return Json(200, $$"""{"access_token":"{{Accepted}}","expires_in":300,"refresh_expires_in":0,"token_type":"Bearer"}""");
    }

    private HttpResponseMessage Answer(string method, string[] path, string query, JsonElement body)
    {
        if (path[0].Length == 0) return method == "POST" ? Create(body) : Find(query);
        if (Users.SingleOrDefault(u => u.Id == path[0]) is not { } user) return Json(404, """{"error":"User not found"}""");
        switch (method, string.Join('/', path[1..]))
        {
            case ("GET", ""):
                return Json(200, user.ToJson().ToJsonString());
            case ("PUT", ""):
                if (Users.Any(u => u != user && u.Email == body.GetProperty("email").GetString()))
                    return Json(409, """{"errorMessage":"User exists with same email"}""");
                user.Write(body);
                return new(HttpStatusCode.NoContent);
            case ("DELETE", ""):
                Users.Remove(user);
                return new(HttpStatusCode.NoContent);
            case ("PUT", "reset-password"):
                (user.Password, user.HasToChangePassword) = (body.GetProperty("value").GetString(),
                    body.GetProperty("temporary").GetBoolean());
                return new(HttpStatusCode.NoContent);
            case ("POST", "logout"):
                user.SignOuts++;
                return new(HttpStatusCode.NoContent);
            case (_, "role-mappings/realm" or "role-mappings/realm/available"):
                return Roles(method, user, path[^1] == "available", body);
            default:
                return Link(method, user, path, body);
        }
    }

    private HttpResponseMessage Create(JsonElement body)
    {
        var (name, email) = (body.GetProperty("username").GetString()!, body.GetProperty("email").GetString());
        if (Users.Any(u => u.Email == email)) return Json(409, """{"errorMessage":"User exists with same email"}""");
        if (Users.Any(u => u.Username == name)) return Json(409, """{"errorMessage":"User exists with same username"}""");
        var user = new FakeUser(NewId(), name);
        user.Write(body); // realmRoles would be ignored
        Users.Add(user);
        return new(HttpStatusCode.Created) { Headers = { Location = new Uri($"http://keycloak.test{Root}/{user.Id}") } };
    }

    private HttpResponseMessage Find(string query)
    {
        var asked = query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
        var found = asked.TryGetValue("username", out var name) ? Users.Where(u => u.Username == name)
            : Users.Where(u => $"tenant:{string.Concat(u.Attributes.GetValueOrDefault("tenant") ?? [])}" == asked["q"] || IsFilterBroken)
                .OrderBy(u => u.Username, StringComparer.Ordinal).Skip(int.Parse(asked["first"])).Take(int.Parse(asked["max"]));
        return Json(200, new JsonArray([.. found.Select(u => (JsonNode)u.ToJson())]).ToJsonString());
    }

    private static HttpResponseMessage Roles(string method, FakeUser user, bool available, JsonElement body)
    {
        if (method == "GET")
            return Json(200, new JsonArray([.. (available ? RealmRoles.Except(user.Roles) : user.Roles)
                .Select(r => (JsonNode)new JsonObject { ["id"] = IdOf(r), ["name"] = r })]).ToJsonString());
        foreach (var role in body.EnumerateArray())
        {
            var name = role.GetProperty("name").GetString()!;
            if (role.GetProperty("id").GetString() != IdOf(name)) return Json(404, """{"error":"Role not found"}""");
            if (method == "POST") user.Roles.Add(name);
            else user.Roles.Remove(name);
        }
        return new(HttpStatusCode.NoContent);
    }

    private static HttpResponseMessage Link(string method, FakeUser user, string[] path, JsonElement body)
    {
        if (method == "GET")
            return Json(200, new JsonArray([.. user.Links.Values.Select(l => (JsonNode)new JsonObject
            {
                ["identityProvider"] = l.Alias, ["userId"] = l.UserId, ["userName"] = l.UserName,
            })]).ToJsonString());
        if (method == "DELETE")
            return user.Links.Remove(path[2]) ? new(HttpStatusCode.NoContent) : Json(404, """{"error":"Link not found"}""");
        var link = new ProviderLink(path[2], body.GetProperty("userId").GetString()!, body.GetProperty("userName").GetString()!);
        return user.Links.TryAdd(path[2], link) ? new(HttpStatusCode.NoContent)
            : Json(409, """{"errorMessage":"User is already linked with provider"}""");
    }

    private string NewId() => $"00000000-0000-4000-8000-{++lastId:D12}";

    private static string IdOf(string role) => $"role-{Array.IndexOf(RealmRoles, role) + 1}";

    public static HttpResponseMessage Json(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
