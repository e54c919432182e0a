using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ledger.DevHost.Processes;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

/// <summary>The whole recording, sent by the program that lies beside it; docs/emulators.md shows the command.</summary>
public sealed partial class KeycloakReplayTests
{
    private const double Agreeing = 0.97;

    private static readonly string[] People =
        ["demo-admin", "demo-tech", "demo-auditor", "demo-disabled", "demo-newcomer", "demo-target", "demo-nameless", "other-admin",
            "plat-admin", "plat-billing"];

    private static readonly string[] Clients = ["ledger-api", "ledger-workers", "ledger-setup", "ledger-platform-workers"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [ReplayFact]
    public async Task It_agrees_with_the_real_one_in_nearly_all_that_a_ledger_uses()
    {
        await using var realms = await RecordedRealms.StartAsync();
        var recordings = RepositoryPath.Shared("golden/keycloak");
        var spec = new ProcessSpec("replay", "python3",
        [
            RepositoryPath.Shared("tools/replay.py"), recordings, "--base", realms.Keycloak.Address.AbsoluteUri,
            "--count", Path.Combine(recordings, "used.txt"), "--only", "/realms/ledger", "--to", "657",
            "--direct", "ledger=ledger-direct", "--direct", "ledger-platform=ledger-platform-direct", .. Secrets(),
        ]);

        await using var replay = await ChildProcess.StartAsync(spec);
        using var patience = new CancellationTokenSource(Patience);
        await replay.Exited.WaitAsync(patience.Token);

        var output = replay.Output.Tail(int.MaxValue);
        var tally = Tally().Match(output);
        Assert.True(tally.Success, output);
        Assert.True(Number(tally.Groups[1]) >= Agreeing * Number(tally.Groups[2]), output);
    }

    private static IEnumerable<string> Secrets()
    {
        foreach (var person in People)
        {
            yield return $"--set=PASSWORD_{Shouted(person)}={RecordedRealms.PasswordOf(person)}";
            yield return $"--user={person}={RecordedRealms.PasswordOf(person)}";
        }
        foreach (var client in Clients)
        {
            var secret = RecordedRealms.Secret($"{Shouted(client)}_SECRET");
            var name = Shouted(client)["LEDGER_".Length..];
            yield return $"--set=SECRET_{name}={secret}";
            yield return $"--set=BASIC_{name}={Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{secret}"))}";
            yield return $"--client={client}={secret}";
        }
        for (var number = 1; number <= 9; number++)
            yield return $"--set=PASSWORD_NEW_{number}=another-made-up-{number}";
        yield return "--set=PASSWORD_WRONG=wrong";
        yield return "--set=SECRET_WRONG=wrong";
    }

    private static string Shouted(string name) => name.ToUpperInvariant().Replace('-', '_');

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^([0-9]+) of ([0-9]+) agree", RegexOptions.Multiline)]
    private static partial Regex Tally();

    private sealed class ReplayFactAttribute : FactAttribute
    {
        public ReplayFactAttribute() => Skip = new SharedFactAttribute("tools/replay.py").Skip ?? new ProgramFactAttribute("python3").Skip;
    }
}
