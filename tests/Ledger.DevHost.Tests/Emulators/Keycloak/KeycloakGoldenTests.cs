using System.Text;
using Ledger.DevHost.Tests.Emulators.Golden;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

public sealed class KeycloakGoldenTests
{
    [Fact]
    public async Task It_answers_every_recorded_request_as_the_real_Keycloak_did()
    {
        await using var realms = await RecordedRealms.StartAsync();
        var workers = RecordedRealms.Secret("LEDGER_WORKERS_SECRET");

        var differences = await Replay.DifferencesAsync("keycloak", realms.Keycloak.Address, new()
        {
            ["{{SECRET_WORKERS}}"] = workers,
            ["{{SECRET_SETUP}}"] = RecordedRealms.Secret("LEDGER_SETUP_SECRET"),
            ["{{SECRET_WRONG}}"] = "wrong",
            ["{{BASIC_WORKERS}}"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"ledger-workers:{workers}")),
            ["{{PASSWORD_DEMO_ADMIN}}"] = RecordedRealms.PasswordOf("demo-admin"),
            ["{{PASSWORD_OTHER_ADMIN}}"] = RecordedRealms.PasswordOf("other-admin"),
            ["{{PASSWORD_DEMO_DISABLED}}"] = RecordedRealms.PasswordOf("demo-disabled"),
            ["{{PASSWORD_DEMO_NEWCOMER}}"] = RecordedRealms.PasswordOf("demo-newcomer"),
            ["{{PASSWORD_PLAT_ADMIN}}"] = RecordedRealms.PasswordOf("plat-admin"),
            ["{{PASSWORD_WRONG}}"] = "wrong",
            ["{{PASSWORD_NEW_2}}"] = "another-made-up-2",
            ["{{PASSWORD_NEW_3}}"] = "another-made-up-3",
            ["{{TOKEN_WORKERS}}"] = await realms.ServiceTokenAsync("ledger-workers"),
            ["{{TOKEN_SETUP}}"] = await realms.ServiceTokenAsync("ledger-setup"),
            ["{{TOKEN_DEMO_ADMIN}}"] = await realms.UserTokenAsync("demo-admin"),
        });

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
