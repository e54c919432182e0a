using System.CommandLine;
using Ledger.Core;
using Ledger.Core.Identity;
using Ledger.Core.Operations;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Tenancy;

/// <summary>
/// <c>identity</c>: whether every realm that the API believes works, one line for each realm and check:
/// <code>
/// ledger           discovery  pass    https://id.example/realms/ledger/.well-known/openid-configuration
/// ledger           token      fail    ledger-workers: 401 unauthorized_client
/// ledger           claims     absent
/// </code>
/// It changes nothing anywhere, and prints no secret and no token.
/// </summary>
internal static class IdentityCommand
{
    private const int Failed = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var command = new Command("identity",
            "Checks every realm of Identity:Issuers: discovery, keys, a token, the clock, secrets that were never set. "
                + "Exit 0: all is well.");
        command.SetAction((_, cancel) => RunAsync(Host.CreateApplicationBuilder().Configuration, Console.Out, TimeProvider.System, cancel));
        return command;
    }

    /// <returns>0, or 1 when a check failed.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, TextWriter output, TimeProvider time, CancellationToken cancel)
    {
        var realms = Realms(configuration);
        using var http = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = 1 << 20 };
        var width = realms.Max(realm => realm.Name.Length);
        var failed = new List<string>();
        foreach (var realm in realms)
        {
            foreach (var line in await new RealmCheck(new RealmVoice(http), time, realm).RunAsync(cancel))
            {
                await output.WriteLineAsync($"{realm.Name.PadRight(width)}  {line.Check,-9}  {line.OutcomeName,-6}  {line.Text}".TrimEnd());
                if (line.Outcome == CheckOutcome.Fail) failed.Add($"{realm.Name} {line.Check}");
            }
        }
        await output.WriteLineAsync(failed.Count == 0 ? "every realm works" : $"failed: {string.Join(", ", failed)}");
        return failed.Count == 0 ? 0 : Failed;
    }

    private static IReadOnlyList<CheckedRealm> Realms(IConfiguration configuration)
    {
        var (realms, incomplete) = CheckedRealm.ReadAll(configuration);
        List<string> faults = [.. ConfigurationFaults.FindPlaceholders(configuration), .. incomplete];
        if (realms.Count == 0 && faults.Count == 0) faults.Add("Identity:Issuers:0:Issuer is missing: there is no realm to check.");
        return faults.Count == 0 ? realms : throw new ConfigurationException(faults);
    }
}
