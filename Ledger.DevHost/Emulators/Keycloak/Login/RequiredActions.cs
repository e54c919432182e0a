using System.Text;
using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>What a user has to do before a login ends: choose a password (recordings 259–261), complete the profile (264), set up one-time
/// codes (306). Other actions are asked for by a page that says so and cannot be done here.</summary>
internal sealed class RequiredActions(Realm realm, LoginSteps steps)
{
    public BrowserAnswer Show(LoginTab tab, string? fault = null, bool posted = false)
    {
        if (ActionOf(tab) is not { } action)
            return steps.Next(tab);
        tab.RenewCode();
        var page = steps.ContextOf(tab, "required-action", action);
        return action switch
        {
            "UPDATE_PASSWORD" => BrowserAnswer.Page(LoginPages.UpdatePassword(
                page with { Message = fault ?? "You need to change your password to activate your account." })),
            "VERIFY_PROFILE" => BrowserAnswer.Page(LoginPages.VerifyProfile(page, tab.User!, posted)),
            "CONFIGURE_TOTP" => BrowserAnswer.Page(LoginPages.ConfigureTotp(
                page with { Message = "You need to set up Mobile Authenticator to activate your account." }, tab.TotpSecret, fault)),
            _ => LoginPages.Error(realm, 400, $"The emulator cannot do {action}."),
        };
    }

    public BrowserAnswer Answer(LoginTab tab, FormFields form, DateTimeOffset now)
    {
        var fault = ActionOf(tab) switch
        {
            "UPDATE_PASSWORD" => UpdatePassword(tab.User!, form, now),
            "VERIFY_PROFILE" => VerifyProfile(tab.User!, form),
            "CONFIGURE_TOTP" => ConfigureTotp(tab, form, now),
            _ => "",
        };
        return fault is null ? steps.Next(tab) : Show(tab, fault.Length > 0 ? fault : null, posted: true);
    }

    private string? ActionOf(LoginTab tab) => tab.Steps.Count > 0 ? "CONFIGURE_TOTP" : UserCheck.RequiredAction(realm, tab.User!);

    private string? UpdatePassword(RealmUser user, FormFields form, DateTimeOffset now)
    {
        if (form.Text("password-new") is not { } password)
            return "Please specify password.";
        if (password != form["password-confirm"])
            return "Passwords don't match.";
        if (realm.PasswordPolicy.Check(password, user) is { } fault)
            return fault.Text;
        user.SetPassword(password, now, temporary: false);
        return null;
    }

    private string? VerifyProfile(RealmUser user, FormFields form)
    {
        user.Email = form.Text("email")?.Trim().ToLowerInvariant() ?? user.Email;
        user.FirstName = form.Text("firstName")?.Trim() ?? user.FirstName;
        user.LastName = form.Text("lastName")?.Trim() ?? user.LastName;
        user.RequiredActions.Remove("VERIFY_PROFILE");
        return UserCheck.RequiredAction(realm, user) == "VERIFY_PROFILE" ? "" : null;
    }

    private string? ConfigureTotp(LoginTab tab, FormFields form, DateTimeOffset now)
    {
        var key = Encoding.UTF8.GetBytes(tab.TotpSecret);
        var device = new OtpCredential(NewId.Uuid(), now.ToUnixTimeMilliseconds(), key, 6, 30, "HmacSHA1")
        {
            UserLabel = form.Text("userLabel"),
        };
        if (!OneTimeCode.Matches(device, form["totp"] ?? "", now))
            return "Invalid authenticator code.";
        tab.User!.Credentials.Add(device);
        tab.User.RequiredActions.Remove("CONFIGURE_TOTP");
        steps.PassOtp(tab);
        return null;
    }
}
