using System.Globalization;
using System.Net;
using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>What a client asks of the login page (OpenID Connect Core, 3.1.2.1), checked.</summary>
internal sealed record AuthorizationRequest
{
    public required RealmClient Client { get; init; }
    public required string RedirectUri { get; init; }
    public required GrantedScopes Scopes { get; init; }
    public string? State { get; init; }
    public string? Nonce { get; init; }

    /// <summary><c>query</c>, <c>fragment</c> or <c>form_post</c>.</summary>
    public string ResponseMode { get; init; } = "query";

    public string? Challenge { get; init; }
    public bool ChallengeHashed { get; init; } = true;
    public string? LoginHint { get; init; }

    /// <summary>No page may be shown.</summary>
    public bool Silent { get; init; }

    /// <summary>The password is asked for, whoever is signed in.</summary>
    public bool AskAgain { get; init; }

    /// <summary>Seconds since the password was typed.</summary>
    public long? MaxAge { get; init; }

    /// <summary>The level of <c>acr_values</c>; null: none is asked for.</summary>
    public int? Level { get; init; }

    /// <summary>What goes back as it came; none: it did not come.</summary>
    public IEnumerable<(string Name, string Value)> StateParameter => State is null ? [] : [("state", State)];

    /// <summary>Where the browser goes with these parameters, and with state; <c>iss</c> is RFC 9207.</summary>
    public BrowserAnswer Answer(string issuer, params (string Name, string Value)[] parameters)
        => Answer(RedirectUri, ResponseMode, [.. parameters, ("iss", issuer)]);

    public static BrowserAnswer Answer(string redirectUri, string mode, IEnumerable<(string Name, string Value)> parameters)
    {
        if (mode == "form_post")
            return BrowserAnswer.Page(LoginPages.FormPost(redirectUri, parameters));
        var separator = mode == "fragment" ? '#' : redirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return BrowserAnswer.Redirect(redirectUri + separator
            + string.Join('&', parameters.Select(p => $"{p.Name}={WebUtility.UrlEncode(p.Value)}")));
    }

    /// <summary>A whole number of a parameter; null: it is none.</summary>
    public static long? Number(string? text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
