using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>The routes of the login page: <c>protocol/openid-connect/auth</c> and <c>login-actions/*</c>.</summary>
internal sealed class LoginServer(TimeProvider time)
{
    public async Task AuthorizeAsync(HttpContext context, Realm realm, string issuer)
    {
        var fields = HttpMethods.IsPost(context.Request.Method)
            ? await FormFields.ReadAsync(context).ConfigureAwait(false)
            : FormFields.OfQuery(context.Request);
        BrowserAnswer answer;
        lock (realm.Gate)
            answer = Authorize(context.Request, realm, issuer, fields);
        await answer.SendAsync(context).ConfigureAwait(false);
    }

    /// <summary><c>login-actions/authenticate</c>, <c>login-actions/required-action</c>, <c>login-actions/restart</c>.</summary>
    public async Task ActAsync(HttpContext context, Realm realm, string issuer, string action)
    {
        var query = FormFields.OfQuery(context.Request);
        var form = HttpMethods.IsPost(context.Request.Method) ? await FormFields.ReadAsync(context).ConfigureAwait(false) : null;
        BrowserAnswer answer;
        lock (realm.Gate)
            answer = Act(context.Request, realm, issuer, action, query, form);
        await answer.SendAsync(context).ConfigureAwait(false);
    }

    private BrowserAnswer Authorize(HttpRequest http, Realm realm, string issuer, FormFields fields)
    {
        try
        {
            var request = new AuthorizationReader(realm, fields, issuer).Read();
            var (now, cookies) = (time.GetUtcNow(), new Cookies(realm, http));
            var session = cookies.Session(now);
            var rootId = session?.Id ?? (cookies.RootId is { } id && !realm.Sessions.HasEnded(id) ? id : NewId.Session());
            var tab = new LoginTab(rootId, request, now);
            realm.Logins.Tabs.Add(tab.Id, tab);
            realm.Logins.Trim();
            new LoginFlow(realm, now).Plan(tab, session);
            var steps = new LoginSteps(realm, issuer, cookies, now);
            var known = cookies.RootId == rootId && cookies.HasRestart;
            string[] browser = known ? [] : [cookies.AuthSession(rootId), cookies.AuthSessionHash(rootId)];
            if (request.Silent && steps.SilentFault(tab) is { } fault)
            {
                realm.Logins.Tabs.Remove(tab.Id);
                return request.Answer(issuer, [("error", fault), .. request.StateParameter]).With(browser);
            }
            var asks = tab.Steps.Count > 0;
            var answer = steps.Start(tab).With(browser);
            return asks ? answer.With(cookies.Restart(tab)) : answer;
        }
        catch (AuthorizationRefusal refusal)
        {
            return refusal.Answer;
        }
    }

    private BrowserAnswer Act(HttpRequest http, Realm realm, string issuer, string action, FormFields query, FormFields? form)
    {
        var (now, cookies) = (time.GetUtcNow(), new Cookies(realm, http));
        // Without its cookie a login is nobody's (recording 256); the emulator starts none again either.
        if (!realm.Logins.Tabs.TryGetValue(query["tab_id"] ?? "", out var tab) || tab.RootId != cookies.RootId
            || !tab.IsUnderWay(realm, now))
        {
            return LoginPages.Error(realm, 400, "Restart login cookie not found. It may have expired; it may have been deleted or cookies "
                + "are disabled in your browser. If cookies are disabled then enable them. Click Back to Application to login again.");
        }
        var steps = new LoginSteps(realm, issuer, cookies, now);
        if (action == "restart")
        {
            new LoginFlow(realm, now).Plan(tab, null);
            return steps.Show(tab, null);
        }
        var stale = form is not null && query["session_code"] != tab.SessionCode;
        var actions = new RequiredActions(realm, steps);
        if (form is null || stale)
            return LoginSteps.IsAtAction(tab)
                ? actions.Show(tab)
                : steps.Show(tab, stale ? "Action expired. Please continue with login now." : null);
        var answer = LoginSteps.IsAtAction(tab) ? actions.Answer(tab, form, now) : steps.Answer(tab, form);
        realm.KeepUsers(); // a password, a name or a device may have been chosen
        return answer;
    }
}
