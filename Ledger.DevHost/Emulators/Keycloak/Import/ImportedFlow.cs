using System.Globalization;
using System.Text.Json.Nodes;

namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>The realm file's <c>browserFlow</c> as far as it is about passwords, one-time codes and levels of authentication.</summary>
internal static class ImportedFlow
{
    public static BrowserFlow Read(JsonObject file)
    {
        if (file.Text("browserFlow") is not { } alias)
            return BrowserFlow.Default;
        var flows = file.Objects("authenticationFlows").ToDictionary(f => f.Text("alias") ?? "", StringComparer.Ordinal);
        if (!flows.ContainsKey(alias))
            return alias == "browser" ? BrowserFlow.Default : throw new RealmImportException($"No such authentication flow: {alias}");
        var configs = file.Objects("authenticatorConfig").ToDictionary(c => c.Text("alias") ?? "", StringComparer.Ordinal);
        var levels = new List<LoginLevel>();
        var otp = OtpUse.Never;
        Walk(alias);
        return new BrowserFlow([.. levels.OrderBy(l => l.Level)], otp);

        void Walk(string name)
        {
            if (!flows.TryGetValue(name, out var flow))
                return;
            var steps = flow.Objects("authenticationExecutions").Where(e => e.Text("requirement") != "DISABLED")
                .OrderBy(e => (int?)e["priority"] ?? 0).ToList();
            var authenticators = steps.Select(e => e.Text("authenticator")).ToList();
            var condition = steps.Find(e => e.Text("authenticator") == "conditional-level-of-authentication");
            if (condition is not null && configs.TryGetValue(condition.Text("authenticatorConfig") ?? "", out var config))
            {
                var values = config.Map("config").ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
                levels.Add(new LoginLevel(Number(values, "loa-condition-level"), Number(values, "loa-max-age"),
                    authenticators.Contains("auth-username-password-form"), authenticators.Contains("auth-otp-form")));
            }
            else if (authenticators.Contains("auth-otp-form"))
                otp = authenticators.Contains("conditional-user-configured") ? OtpUse.IfConfigured : OtpUse.Always;
            foreach (var step in steps)
                Walk(step.Text("flowAlias") ?? "");
        }
    }

    private static int Number(Dictionary<string, string> values, string name)
        => int.TryParse(values.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
