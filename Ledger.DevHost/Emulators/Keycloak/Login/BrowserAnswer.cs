using System.Text;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>A page or a redirect, with cookies.</summary>
/// <param name="Status">200, 302, 400 or 403.</param>
/// <param name="Html">The page; null: a redirect.</param>
/// <param name="Location">Where to.</param>
internal sealed record BrowserAnswer(int Status, string? Html, string? Location = null)
{
    /// <summary>Values of Set-Cookie.</summary>
    public List<string> Cookies { get; } = [];

    /// <summary>Null: none.</summary>
    public string? CacheControl { get; init; } = "no-store, must-revalidate, max-age=0";

    public static BrowserAnswer Page(string html) => new(200, html);

    public static BrowserAnswer Redirect(string location) => new(302, null, location);

    public BrowserAnswer With(params IEnumerable<string> cookies)
    {
        Cookies.AddRange(cookies);
        return this;
    }

    public async Task SendAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.SetCookie = Cookies.ToArray();
        if (CacheControl is not null)
            headers.CacheControl = CacheControl;
        if (Html is not null || HttpMethods.IsPost(context.Request.Method))
            headers.ContentSecurityPolicy = KeycloakAnswer.PagePolicy;
        if (Html is null)
        {
            headers.Location = Location;
            await KeycloakAnswer.EmptyAsync(context, Status, framed: HttpMethods.IsPost(context.Request.Method)).ConfigureAwait(false);
            return;
        }
        headers.ContentLanguage = "en";
        await KeycloakAnswer.SendAsync(context, Status, Encoding.UTF8.GetBytes(Html), "text/html;charset=utf-8").ConfigureAwait(false);
    }
}
