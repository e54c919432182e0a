using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ledger.Api.Tests.Fixture;

/// <summary>A person at a browser and the application that sent them to the realm: code flow with PKCE, the login page filled in.</summary>
internal static partial class SignIn
{
    private const string Client = "ledger-portal", Back = "http://localhost:8090/signin-oidc";

    /// <summary>The token endpoint's answer.</summary>
    public static async Task<JsonElement> WithPasswordAsync(string issuer, string name, string password)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var verifier = new string('v', 43);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        using var login = await http.GetAsync(new Uri($"{issuer}/protocol/openid-connect/auth?client_id={Client}"
            + $"&redirect_uri={Uri.EscapeDataString(Back)}&response_type=code&scope=openid"
            + $"&code_challenge={challenge}&code_challenge_method=S256"));
        var page = await login.Content.ReadAsStringAsync();
        var action = new Uri(new Uri(issuer), WebUtility.HtmlDecode(Form().Match(page).Groups[1].Value));
        using var filled = new HttpRequestMessage(HttpMethod.Post, action);
        filled.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = name, ["password"] = password });
        filled.Headers.Add("Cookie", string.Join("; ", login.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])));
        using var sentBack = await http.SendAsync(filled);
        var code = System.Web.HttpUtility.ParseQueryString(sentBack.Headers.Location!.Query)["code"];
        return await TokenAsync(issuer, new()
        {
            ["grant_type"] = "authorization_code", ["client_id"] = Client, ["code"] = code!, ["redirect_uri"] = Back,
            ["code_verifier"] = verifier,
        });
    }

    public static Task<JsonElement> RefreshAsync(string issuer, JsonElement before) => TokenAsync(issuer, new()
    {
        ["grant_type"] = "refresh_token", ["client_id"] = Client, ["refresh_token"] = before.GetProperty("refresh_token").GetString()!,
    });

    public static async Task<JsonElement> TokenAsync(string issuer, Dictionary<string, string> form)
    {
        using var http = new HttpClient();
        using var body = new FormUrlEncodedContent(form);
        using var answer = await http.PostAsync(new Uri($"{issuer}/protocol/openid-connect/token"), body);
        return await answer.JsonAsync();
    }

    [GeneratedRegex("<form[^>]*action=\"([^\"]*)\"")]
    private static partial Regex Form();
}
