using System.Buffers.Text;
using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>A login under way in one tab of a browser.</summary>
/// <param name="rootId">The browser: cookie AUTH_SESSION_ID, and the id of the session this ends in.</param>
/// <param name="request">What the client asked for.</param>
/// <param name="started">When.</param>
internal sealed class LoginTab(string rootId, AuthorizationRequest request, DateTimeOffset started)
{
    /// <summary>11 characters: <c>tab_id</c>.</summary>
    public string Id { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(8));

    public string RootId { get; } = rootId;

    public AuthorizationRequest Request { get; } = request;

    public DateTimeOffset Started { get; } = started;

    /// <summary>Good for the form that was shown last.</summary>
    public string SessionCode { get; private set; } = "";

    /// <summary>What is still to be asked, in this order.</summary>
    public Queue<LoginStep> Steps { get; } = new();

    /// <summary>Levels of authentication reached here.</summary>
    public List<int> Levels { get; } = [];

    /// <summary>Who it is, as far as is known; their password may still be wanted.</summary>
    public RealmUser? User { get; set; }

    /// <summary>Who it is was known before: the form asks for the password alone.</summary>
    public bool Again { get; set; }

    /// <summary>A form was answered here: the login is a new one.</summary>
    public bool Asked { get; set; }

    /// <summary>Secret of the one-time code device being set up.</summary>
    public string TotpSecret { get; } = NewId.Secret()[..20];

    /// <summary><c>client_data</c>: <c>{"ru":"…","rt":"code","st":"…"}</c> as base64url.</summary>
    public string ClientData => Base64Url.EncodeToString(TokenIssuer.Json(json =>
    {
        json.WriteString("ru", Request.RedirectUri);
        json.WriteString("rt", "code");
        if (Request.State is not null)
            json.WriteString("st", Request.State);
    }));

    /// <summary>It can still be answered.</summary>
    public bool IsUnderWay(Realm realm, DateTimeOffset now)
        => now - Started <= TimeSpan.FromSeconds(realm.Settings.AccessCodeLifespanLogin);

    public void RenewCode() => SessionCode = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

/// <summary>One thing the login page asks for.</summary>
/// <param name="Level">The level that is reached with the last of its steps; 0: no level.</param>
/// <param name="Otp">A one-time code; else name and password.</param>
/// <param name="Last">The level's last step.</param>
internal sealed record LoginStep(int Level, bool Otp, bool Last)
{
    /// <summary><c>execution</c>: a UUID, the same for the same kind of form.</summary>
    public string Execution => Otp ? "0d0a8a5c-6c0f-4f0e-9d5a-2b6f6c1f7a02" : "0d0a8a5c-6c0f-4f0e-9d5a-2b6f6c1f7a01";
}
