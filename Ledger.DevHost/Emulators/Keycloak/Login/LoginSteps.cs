using Ledger.DevHost.Emulators.Keycloak.Sessions;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>Shows the form of a step and takes its answer; after the last one the browser goes back with a code (recordings 208–214,
/// 253–258, 283–288).</summary>
internal sealed class LoginSteps(Realm realm, string issuer, Cookies cookies, DateTimeOffset now)
{
    private readonly LoginFlow flow = new(realm, now);

    /// <summary>The first form, or straight back where the session is enough.</summary>
    public BrowserAnswer Start(LoginTab tab)
    {
        if (tab.Steps.Count > 0)
            return Show(tab, tab.Again && !tab.Steps.Peek().Otp && (tab.Request.AskAgain || tab.Request.MaxAge is not null)
                ? "Please re-authenticate to continue"
                : null);
        return Next(tab);
    }

    /// <summary>Why a login that may show nothing ends in an error; null: it does not.</summary>
    public string? SilentFault(LoginTab tab) => tab.Steps.Count > 0 ? "login_required"
        : UserCheck.RequiredAction(realm, tab.User!) is null ? null : "interaction_required";

    /// <summary>All that had to be proven is proven, or only a device for one-time codes is missing: nobody comes to an action
    /// before.</summary>
    public static bool IsAtAction(LoginTab tab) => tab.Steps.Count == 0 || LacksDevice(tab);

    public BrowserAnswer Show(LoginTab tab, string? message, string? fault = null, string? username = null)
    {
        var step = tab.Steps.Peek();
        if (LacksDevice(tab))
            return ToAction(tab, "CONFIGURE_TOTP"); // recording 305
        tab.RenewCode();
        var page = ContextOf(tab, "authenticate", step.Execution) with { Message = message };
        return BrowserAnswer.Page(step.Otp
            ? LoginPages.Otp(page, tab.User!.Username, tab.User.Credentials.OfType<OtpCredential>().First().Id, fault)
            : LoginPages.Password(page, tab.Again ? tab.User!.Username : username ?? tab.Request.LoginHint, tab.Again, fault));
    }

    public BrowserAnswer Answer(LoginTab tab, Tokens.FormFields form)
    {
        if (tab.Steps.Peek().Otp)
        {
            if (BruteForce.IsLocked(realm, tab.User!, now) || !UserCheck.Otp(realm, tab.User!, form["otp"], now))
                return Show(tab, null, "Invalid authenticator code.");
        }
        else
        {
            var name = tab.Again ? tab.User!.Username : (form["username"] ?? "").Trim();
            var user = tab.Again ? tab.User : UserCheck.Find(realm, name);
            if (!UserCheck.Password(realm, user, form["password"] ?? "", now))
                return Show(tab, null, "Invalid username or password.", name);
            if (!user!.Enabled)
                return Show(tab, "Account is disabled, contact your administrator.", null, name);
            tab.User = user;
        }
        flow.Pass(tab);
        return Next(tab);
    }

    /// <summary>The next form, the next thing the user has to do, or the end.</summary>
    public BrowserAnswer Next(LoginTab tab)
    {
        if (tab.Steps.Count > 0)
            return Show(tab, null);
        return UserCheck.RequiredAction(realm, tab.User!) is { } action ? ToAction(tab, action) : Finish(tab);
    }

    /// <summary>Leaves the one-time code's step behind: the device was just set up with one.</summary>
    public void PassOtp(LoginTab tab)
    {
        if (tab.Steps.Count > 0)
            flow.Pass(tab);
    }

    public PageContext ContextOf(LoginTab tab, string path, string execution)
    {
        var tail = $"client_id={Uri.EscapeDataString(tab.Request.Client.ClientId)}&tab_id={tab.Id}&client_data={tab.ClientData}";
        return new PageContext($"Sign in to {LoginPages.NameOf(realm)}",
            $"{issuer}/login-actions/{path}?session_code={tab.SessionCode}&execution={execution}&{tail}",
            $"/realms/{realm.Name}/login-actions/restart?{tail}&skip_logout=false");
    }

    private static bool LacksDevice(LoginTab tab) => tab.Steps.TryPeek(out var step) && step.Otp && !tab.User!.HasOtp;

    // As long as another tab of this browser is at a login, that one may still have to begin again (recordings 229, 285).
    private string[] RestartAfter(LoginTab tab) => !tab.Asked ? [cookies.Restart(tab)]
        : realm.Logins.Tabs.Values.Any(t => t.RootId == tab.RootId && t.IsUnderWay(realm, now)) ? [] : [cookies.NoRestart];

    private BrowserAnswer ToAction(LoginTab tab, string action)
    {
        var tail = $"client_id={Uri.EscapeDataString(tab.Request.Client.ClientId)}&tab_id={tab.Id}&client_data={tab.ClientData}";
        return BrowserAnswer.Redirect($"{issuer}/login-actions/required-action?execution={action}&{tail}");
    }

    private BrowserAnswer Finish(LoginTab tab)
    {
        var (seconds, asked, request) = (now.ToUnixTimeSeconds(), tab.Asked, tab.Request);
        var session = realm.Sessions.Active(realm, tab.RootId, now);
        if (session is null || session.User != tab.User)
        {
            // Somebody else at the same browser: their session is another one, or tokens of the first would live on in it.
            if (session is not null)
                realm.Sessions.Remove(session.Id);
            var id = realm.Sessions.HasEnded(tab.RootId) ? NewId.Session() : tab.RootId;
            session = new UserSession(id, tab.User!) { Started = seconds, LastAccess = seconds, Offline = request.Scopes.Offline };
            realm.Sessions.Add(session);
        }
        session.LastAccess = seconds;
        if (asked)
        {
            session.AuthTime = seconds;
            BruteForce.Succeeded(realm, session.User);
        }
        tab.Levels.ForEach(level => session.Levels[level] = seconds);
        var acr = flow.AcrOf(session, asked);
        if (!session.Clients.TryGetValue(request.Client.ClientId, out var part))
            session.Clients.Add(request.Client.ClientId, part = new ClientSession(request.Client) { Started = seconds });
        part.Acr = acr;
        realm.Logins.Tabs.Remove(tab.Id);
        var code = new AuthorizationCode($"{NewId.Uuid()}.{session.Id}.{request.Client.Id}", session, request.Client, request.RedirectUri,
            request.Scopes, acr, now.AddSeconds(realm.Settings.AccessCodeLifespan))
        {
            Nonce = request.Nonce, Challenge = request.Challenge, Hashed = request.ChallengeHashed,
        };
        realm.Logins.Codes.Add(code.Text, code);
        realm.Logins.Trim();
        (string, string)[] parameters = [.. request.StateParameter, ("session_state", session.Id), ("iss", issuer), ("code", code.Text)];
        return AuthorizationRequest.Answer(request.RedirectUri, request.ResponseMode, parameters)
            .With([.. RestartAfter(tab), .. cookies.SignedIn(session, issuer, now)]);
    }
}
