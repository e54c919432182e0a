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
            var rootId = session?.Id ?? cookies.RootId ?? NewId.Session();
            var tab = new LoginTab(rootId, request, now);
            realm.Logins.Tabs.Add(tab.Id, tab);
            realm.Logins.Trim();
            new LoginFlow(realm, now).Plan(tab, session);
            var steps = new LoginSteps(realm, issuer, cookies, now);
            var known = cookies.RootId == rootId && cookies.HasRestart;
            string[] browser = known ? [] : [cookies.AuthSession(rootId), cookies.AuthSessionHash(rootId)];
            if (!request.Silent)
                return steps.Start(tab, session).With([.. browser, .. tab.Steps.Count > 0 || session is null ? [cookies.Restart(tab)] : Array.Empty<string>()]);
            return tab.Steps.Count > 0 || session is null
                ? request.Answer(issuer, [("error", "login_required"), .. request.StateParameter]).With(browser)
                : steps.Start(tab, session).With(browser);
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
            || now - tab.Started > TimeSpan.FromSeconds(realm.Settings.AccessCodeLifespanLogin))
            return LoginPages.Error(realm, 400, "Restart login cookie not found. It may have expired; it may have been deleted or cookies are "
                + "disabled in your browser. If cookies are disabled then enable them. Click Back to Application to login again.")
                with { CacheControl = "no-store, must-revalidate, max-age=0" };
        var steps = new LoginSteps(realm, issuer, cookies, now);
        if (action == "restart")
        {
            new LoginFlow(realm, now).Plan(tab, null);
            return steps.Show(tab, null);
        }
        var stale = form is not null && query["session_code"] != tab.SessionCode;
        if (form is null || stale)
            return tab.Steps.Count > 0
                ? steps.Show(tab, stale ? "Action expired. Please continue with login now." : null)
                : new RequiredActions(realm, steps).Show(tab);
        return tab.Steps.Count > 0 ? steps.Answer(tab, form) : new RequiredActions(realm, steps).Answer(tab, form, now);
    }
}
