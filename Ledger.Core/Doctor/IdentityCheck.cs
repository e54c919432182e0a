using Ledger.Core.Identity;
using Ledger.Core.Operations;

namespace Ledger.Core.Doctor;

/// <summary>Whether an issuer's tokens can be judged: discovery, its name, its keys, its clock, and a token where there is a client to ask
/// as. <c>Ledger.Workers identity</c> says more.</summary>
public sealed class IdentityCheck(CheckedRealm realm, HttpClient http, TimeProvider time) : IDoctorCheck
{
    public string Name => $"identity {realm.Name}";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var lines = await new RealmCheck(new RealmVoice(http), time, realm).RunLightlyAsync(cancel);
        var found = lines.Where(line => line.Outcome == CheckOutcome.Fail)
            .Select(line => Verdict.Fail($"{line.Check}: {line.Text}")).ToList();
        return Verdict.Worst(found, $"{realm.Issuer}: {string.Join(", ",
            lines.Where(line => line.Outcome == CheckOutcome.Pass).Select(line => line.Check))}");
    }
}
