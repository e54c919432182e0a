using System.Text;
using System.Text.Encodings.Web;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>
/// The pages: plain HTML without script, with the titles, headings, messages, forms and inputs of the real ones (recordings 208, 209, 227,
/// 259, 264, 272, 283, 306), so that what fills in those forms fills in these.
/// </summary>
internal static class LoginPages
{
    /// <summary>User name and password; the password alone of somebody known.</summary>
    public static string Password(PageContext page, string? username, bool known, string? fault) => Page(page.Title,
        "Sign in to your account", (known ? Attempted(page, username!) : "") + Alert(page.Message), Form(page, "kc-form-login",
            known
                ? ""
                : Field("username", "Username or email", "text", username ?? "", "username", fault, first: true),
            Field("password", "Password", "password", "", "current-password", known ? fault : null, first: known),
            """<input type="hidden" id="id-hidden-input" name="credentialId" />""",
            Submit("kc-login", "login", "Sign In")));

    public static string Otp(PageContext page, string username, string credentialId, string? fault) => Page(page.Title, "Sign In",
        Attempted(page, username) + Alert(page.Message), Form(page, "kc-otp-login-form",
            $"""<input id="selectedCredentialId" type="hidden" name="selectedCredentialId" value="{Text(credentialId)}">""",
            Field("otp", "One-time code", "text", "", "one-time-code", fault, first: true, numeric: true),
            Submit("kc-login", "login", "Sign In")));

    public static string UpdatePassword(PageContext page) => Page(page.Title, "Update password", Alert(page.Message),
        Form(page, "kc-passwd-update-form",
            Field("password-new", "New Password", "password", "", "new-password", null, first: true),
            Field("password-confirm", "Confirm password", "password", "", "new-password", null, first: false),
            LogoutSessions, Submit("kc-submit", "login", "Submit")));

    public static string VerifyProfile(PageContext page, RealmUser user, bool posted) => Page(page.Title, "Update Account Information",
        Alert(page.Message), Form(page, "kc-update-profile-form",
            Field("email", "Email", "text", user.Email ?? "", "email", Missing(user.Email), first: true),
            Field("firstName", "First name", "text", user.FirstName ?? "", "given-name", Missing(user.FirstName), first: false),
            Field("lastName", "Last name", "text", user.LastName ?? "", "family-name", Missing(user.LastName), first: false),
            posted ? "" : "<p>* Required fields</p>",
            """<input type="submit" value="Submit" />"""));

    public static string ConfigureTotp(PageContext page, string secret, string? fault) => Page(page.Title, "Mobile Authenticator Setup",
        Alert(page.Message),
        $"<p>Key (as text; the code is made with its UTF-8 bytes): <code id=\"kc-totp-secret-key\">{Text(secret)}</code></p>",
        Form(page, "kc-totp-settings-form",
            Field("totp", "One-time code", "text", "", "one-time-code", fault, first: true, numeric: true),
            $"""<input type="hidden" id="totpSecret" name="totpSecret" value="{Text(secret)}" />""",
            Field("userLabel", "Device Name", "text", "", "off", null, first: false),
            LogoutSessions, """<input type="submit" id="saveTOTPBtn" value="Submit" />"""));

    /// <summary>Recordings 236–248, 256, 271–274.</summary>
    public static BrowserAnswer Error(Realm realm, int status, string text) => new(status, Sorry($"Sign in to {NameOf(realm)}", text))
    {
        CacheControl = null,
    };

    /// <summary>What a browser is told where there is nothing (recording 15).</summary>
    public static string Sorry(string title, string text) => Page(title, "We are sorry...", $"<p class=\"instruction\">{Text(text)}</p>");

    public static string ConfirmLogout(string action, string sessionCode) => Page("Logging out", "Logging out",
        "<p class=\"instruction\">Do you want to log out?</p>",
        $"""
        <form class="form-actions" action="{Text(action)}" method="POST">
        <input type="hidden" name="session_code" value="{Text(sessionCode)}">
        <input name="confirmLogout" id="kc-logout" type="submit" value="Logout"/>
        </form>
        """);

    public static string LoggedOut(Realm realm) => Page($"Sign in to {NameOf(realm)}", "You are logged out", "");

    /// <summary>response_mode form_post (recording 250): without script, somebody has to press the button.</summary>
    public static string FormPost(string address, IEnumerable<(string Name, string Value)> parameters) => Page("Submit This Form", "Go on",
        $"""<form method="POST" action="{Text(address)}">""",
        string.Concat(parameters.Select(p => $"""<input type="hidden" name="{Text(p.Name)}" value="{Text(p.Value)}" />""")),
        """<button type="submit">Continue</button></form>""");

    public static string NameOf(Realm realm) => string.IsNullOrEmpty(realm.Settings.DisplayName) ? realm.Name : realm.Settings.DisplayName;

    private const string LogoutSessions = """
        <p><input type="checkbox" id="logout-sessions" name="logout-sessions" /> <label for="logout-sessions">Sign out from other
        devices</label></p>
        """;

    private static string? Missing(string? value) => string.IsNullOrEmpty(value) ? "Please specify this field." : null;

    private static string Attempted(PageContext page, string username) => $"""
        <p><label for="kc-attempted-username">Signing in as</label> <input id="kc-attempted-username" value="{Text(username)}" readonly>
        <a id="reset-login" href="{Text(page.Restart)}">Restart login</a></p>
        """;

    private static string Alert(string? message)
        => message is null ? "" : $"""<p role="alert"><span class="kc-feedback-text">{Text(message)}</span></p>""";

    private static string Form(PageContext page, string id, params string[] fields) => $"""
        <form id="{id}" action="{Text(page.Action)}" method="post" novalidate="novalidate">
        {string.Concat(fields)}
        </form>
        """;

    private static string Field(string name, string label, string type, string value, string complete, string? fault, bool first,
        bool numeric = false)
    {
        var error = $"input-error-{name}";
        var message = fault is null ? "" : $"""<span id="{error}" class="kc-feedback-text">{Text(fault)}</span>""";
        var more = (first ? " autofocus" : "") + (numeric ? " inputmode=\"numeric\"" : "")
            + (fault is null ? "" : $" aria-invalid=\"true\" aria-describedby=\"{error}\"");
        return $"""
            <p><label for="{name}">{label}</label>
            <input id="{name}" name="{name}" value="{Text(value)}" type="{type}" autocomplete="{complete}"{more}/>
            {message}</p>

            """;
    }

    private static string Submit(string id, string name, string label)
        => $"""<p><button name="{name}" id="{id}" type="submit">{label}</button></p>""";

    private static string Page(string title, string heading, params string[] parts)
    {
        var body = new StringBuilder();
        foreach (var part in parts.Where(p => p.Length > 0))
            body.Append(part).Append('\n');
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Text(title)}</title></head>
            <body><main>
            <h1 id="kc-page-title">{Text(heading)}</h1>
            {body}</main></body>
            </html>

            """;
    }

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}

/// <summary>What a form needs to come back.</summary>
/// <param name="Title">Of the page.</param>
/// <param name="Action">Where it is posted to.</param>
/// <param name="Restart">Where the login starts from the beginning.</param>
/// <param name="Message">A word above the form.</param>
internal sealed record PageContext(string Title, string Action, string Restart, string? Message = null);
