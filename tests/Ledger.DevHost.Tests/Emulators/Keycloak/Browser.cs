using System.Net;
using System.Text.RegularExpressions;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

/// <summary>Follows redirects and fills in forms as a person's browser does, until it is sent to another server.</summary>
internal sealed partial class Browser(Uri server, HttpClient http)
{
    private readonly Dictionary<string, string> cookies = [];

    public Browser(KeycloakUnderTest keycloak) : this(keycloak.Address, keycloak.Http) { }

    /// <summary>The page it is at.</summary>
    public string Page { get; private set; } = "";

    public int Status { get; private set; }

    /// <summary>Where it was sent outside the emulator; null: it is at a page.</summary>
    public Uri? Left { get; private set; }

    public IReadOnlyDictionary<string, string> Cookies => cookies;

    public string Title => WebUtility.HtmlDecode(TitleOf().Match(Page).Groups[1].Value);

    /// <summary>Parameters it left with.</summary>
    public string? Parameter(string name) => Left is null
        ? null
        : System.Web.HttpUtility.ParseQueryString((Left.Query.Length > 0 ? Left.Query : Left.Fragment).TrimStart('#', '?'))[name];

    public void Forget(string cookie) => cookies.Remove(cookie);

    public Task GoAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(server, address)));

    /// <summary>Fills in the form of the page: its hidden inputs, and these.</summary>
    public Task SubmitAsync(params (string Name, string Value)[] fields)
    {
        var form = Form().Match(Page);
        Assert.True(form.Success, Page);
        var hidden = Hidden().Matches(Page).Select(h => (Name: Attribute(h.Value, "name"), Value: Attribute(h.Value, "value")))
            .Where(h => fields.All(f => f.Name != h.Name));
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(server, WebUtility.HtmlDecode(form.Groups[1].Value)))
        {
            Content = new FormUrlEncodedContent(fields.Concat(hidden).Select(f => KeyValuePair.Create(f.Name, f.Value))),
        });
    }

    private async Task SendAsync(HttpRequestMessage request)
    {
        Left = null;
        while (true)
        {
            request.Headers.Accept.ParseAdd("text/html");
            if (cookies.Count > 0)
                request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}")));
            using var answer = await http.SendAsync(request);
            (Status, Page) = ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
            Keep(answer);
            if (answer.Headers.Location is not { } next)
                return;
            if (next.Authority != server.Authority)
            {
                Left = next;
                return;
            }
            request = new HttpRequestMessage(HttpMethod.Get, next);
        }
    }

    private void Keep(HttpResponseMessage answer)
    {
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var parts = cookie.Split(';')[0].Split('=', 2);
            if (cookie.Contains("Max-Age=0", StringComparison.Ordinal))
                cookies.Remove(parts[0]);
            else
                cookies[parts[0]] = parts[1];
        }
    }

    [GeneratedRegex("<title>(.*?)</title>")]
    private static partial Regex TitleOf();

    [GeneratedRegex("<form[^>]*action=\"([^\"]*)\"")]
    private static partial Regex Form();

    private static string Attribute(string tag, string name)
        => WebUtility.HtmlDecode(Regex.Match(tag, $"{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex Hidden();
}
