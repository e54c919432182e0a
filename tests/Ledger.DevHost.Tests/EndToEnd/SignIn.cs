using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ledger.DevHost.Tests.EndToEnd;

/// <summary>
/// A person in a browser at the realm's login page, until the portal has a token: authorization code with PKCE. Cookies are kept by hand:
/// Keycloak's are marked Secure although the DevHost is plain http, which browsers allow on loopback and the runtime does not.
/// </summary>
internal sealed partial class SignIn(Uri keycloak, string realm, string client, string redirect) : IDisposable
{
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Dictionary<string, string> _cookies = [];
    private readonly string _verifier = RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>The first page's text.</summary>
    public Task<string> OpenAsync(string extra = "")
    {
        var challenge = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return GetAsync(new Uri(keycloak, $"/realms/{realm}/protocol/openid-connect/auth?response_type=code&client_id={client}&scope=openid"
            + $"&state=s&redirect_uri={Uri.EscapeDataString(redirect)}&code_challenge={challenge}&code_challenge_method=S256{extra}"));
    }

    /// <summary>Fills in the form of a page; the next page's text, or the address that the browser is sent to.</summary>
    public Task<string> SubmitAsync(string page, params (string Name, string Value)[] fields)
    {
        var action = System.Net.WebUtility.HtmlDecode(Action().Match(page).Groups["action"].Value);
        Assert.True(action.Length > 0, "no form in: " + page);
        return FollowAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(keycloak, action))
        {
            Content = new FormUrlEncodedContent(fields.Select(static f => KeyValuePair.Create(f.Name, f.Value))),
        });
    }

    /// <summary>What the portal does with the address that the browser came back to.</summary>
    public async Task<JsonObject> TokensAsync(string address)
    {
        Assert.StartsWith(redirect + "?", address, StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["client_id"] = client, ["redirect_uri"] = redirect, ["code_verifier"] = _verifier,
            ["code"] = System.Web.HttpUtility.ParseQueryString(new Uri(address).Query)["code"]!,
        });
        using var answer = await _http.PostAsync(new Uri(keycloak, $"/realms/{realm}/protocol/openid-connect/token"), form);
        var tokens = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.True(answer.IsSuccessStatusCode, tokens.ToJsonString());
        return tokens;
    }

    public void Dispose() => _http.Dispose();

    private Task<string> GetAsync(Uri address) => FollowAsync(new HttpRequestMessage(HttpMethod.Get, address));

    private async Task<string> FollowAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (_cookies.Count > 0)
                request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(static c => $"{c.Key}={c.Value}")));
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await _http.SendAsync(request);
            foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                var (name, value) = cookie.Split(';')[0].Split('=', 2) is [var n, var v] ? (n, v) : (cookie, "");
                _cookies[name] = value;
            }
            if (answer.Headers.Location is not { } next)
                return await answer.Content.ReadAsStringAsync();
            next = new Uri(request.RequestUri!, next);
            return next.AbsoluteUri.StartsWith(redirect, StringComparison.Ordinal) ? next.AbsoluteUri : await GetAsync(next);
        }
    }

    [GeneratedRegex("""<form[^>]* action="(?<action>[^"]+)""")]
    private static partial Regex Action();
}
