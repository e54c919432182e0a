using Ledger.DevHost.Emulators.Keycloak.Sessions;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>
/// What a login has to ask for, given the session there is (recordings 214–232 without levels, 280–291 with): <c>prompt=login</c> and
/// <c>max_age</c> ask for the password again, <c>acr_values</c> for what the level takes.
/// </summary>
internal sealed class LoginFlow(Realm realm, DateTimeOffset now)
{
    private readonly BrowserFlow flow = realm.BrowserFlow;

    /// <summary>Fills in the steps; none: the session is enough.</summary>
    public void Plan(LoginTab tab, UserSession? session)
    {
        tab.Steps.Clear();
        var again = session is null || tab.Request.AskAgain || now.ToUnixTimeSeconds() - session.AuthTime > tab.Request.MaxAge;
        (tab.User, tab.Again) = (session?.User, session is not null);
        if (flow.Levels.Count == 0)
        {
            // A level asked for where there are none: the form, whatever is asked for (recording 232).
            if (again || tab.Request.Level > 0)
                tab.Steps.Enqueue(new LoginStep(0, Otp: false, Last: true));
            return;
        }
        var wanted = Math.Max(tab.Request.Level ?? 0, flow.Levels[0].Level);
        foreach (var level in flow.Levels.Where(l => l.Level <= wanted && (again || !IsReached(l, session!))))
        {
            if (level.Password)
                tab.Steps.Enqueue(new LoginStep(level.Level, Otp: false, Last: !level.Otp));
            if (level.Otp)
                tab.Steps.Enqueue(new LoginStep(level.Level, Otp: true, Last: true));
        }
    }

    /// <summary>Takes the step that was answered; after the password a realm without levels may want a one-time code.</summary>
    public void Pass(LoginTab tab)
    {
        var step = tab.Steps.Dequeue();
        tab.Asked = true;
        if (step.Last && step.Level > 0)
            tab.Levels.Add(step.Level);
        if (!step.Otp && flow.Levels.Count == 0 && (flow.Otp == OtpUse.Always || (flow.Otp == OtpUse.IfConfigured && tab.User!.HasOtp)))
            tab.Steps.Enqueue(new LoginStep(0, Otp: true, Last: true));
    }

    /// <summary>Claim <c>acr</c>: the highest level that counts now; without levels 1 after a login and 0 after none.</summary>
    public string AcrOf(UserSession session, bool asked)
    {
        if (flow.Levels.Count == 0)
            return asked ? AcrNames.Of(realm, 1) : "0";
        var reached = flow.Levels.Where(l => session.Levels.TryGetValue(l.Level, out var at) && (at == now.ToUnixTimeSeconds() && asked
            || IsReached(l, session))).Select(l => l.Level).DefaultIfEmpty(0).Max();
        return AcrNames.Of(realm, reached);
    }

    private bool IsReached(LoginLevel level, UserSession session)
        => session.Levels.TryGetValue(level.Level, out var at) && level.MaxAge > 0 && now.ToUnixTimeSeconds() - at <= level.MaxAge;
}
