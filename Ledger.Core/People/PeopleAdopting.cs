using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Logging;

namespace Ledger.Core.People;

/// <summary>Jobs of <see cref="JobQueues.PeopleToAdopt"/>: goes through the tenant's users in Keycloak and makes people of those that are
/// none. Only reads there. Each is adopted in a transaction of its own, so whoever is cut off is followed by one who finds them
/// known.</summary>
public sealed class PeopleAdopting(KeycloakAdmin keycloak, Adoptions adoptions, ILogger<PeopleAdopting> log) : IJobHandler
{
    public string Queue => JobQueues.PeopleToAdopt;

    public string? TransparencyLog => null;

    public int Concurrency => 2;

    public ValueTask<int> RoomAsync(CancellationToken cancel) => ValueTask.FromResult(Concurrency);

    public async Task HandleAsync(Job job, CancellationToken cancel)
    {
        var seen = new Dictionary<string, Adoption>();
        try
        {
            // Pages are places in a list that changes: a user that is removed meanwhile moves another one to a page that was read. So it
            // ends with a pass that finds nobody new.
            while (await PassAsync(job, seen, cancel)) { }
        }
        catch (KeycloakException e)
        {
            throw e.ToJobFailure();
        }
        var (people, limit) = await adoptions.EndAsync(job, PersonJobs.ActorOf(job.Args), seen.Values, cancel);
        log.LogInformation("people of {Tenant}: {Adopted} adopted, {Known} known, left out {NoRole} without a role, {Disabled} disabled, "
            + "{Incomplete} incomplete, {Taken} whose address is another's; {People} of at most {Limit}", job.Tenant,
            Count(Adoption.Adopted), Count(Adoption.Known), Count(Adoption.NoRole), Count(Adoption.Disabled), Count(Adoption.Incomplete),
            Count(Adoption.AddressTaken), people, limit?.ToString() ?? "any number");
        if (people > limit)
            log.LogWarning("{Tenant} has {People} people and may have {Limit}: adoption is not stopped by that, inviting is", job.Tenant,
                people, limit);

        int Count(Adoption what) => seen.Values.Count(outcome => outcome == what);
    }

    private async Task<bool> PassAsync(Job job, Dictionary<string, Adoption> seen, CancellationToken cancel)
    {
        var isNews = false;
        for (var first = 0;; first += KeycloakAdmin.PageUsers)
        {
            var page = await keycloak.PageAsync(job.Tenant, first, cancel);
            var ours = page.Where(user => user.IsOf(job.Tenant.Value) && !user.IsServiceAccount && !seen.ContainsKey(user.Id)).ToList();
            var known = await adoptions.KnownAsync(job.Tenant, [.. ours.Select(user => user.Id)], cancel);
            foreach (var user in ours)
            {
                seen[user.Id] = known.Contains(user.Id) ? Adoption.Known : await AdoptAsync(job, user, cancel);
                isNews = true;
            }
            if (page.Count < KeycloakAdmin.PageUsers) return isNews;
        }
    }

    private async Task<Adoption> AdoptAsync(Job job, KeycloakUser user, CancellationToken cancel)
    {
        if (!user.Enabled) return Adoption.Disabled;
        if (user is not { Email: { } email, FirstName: { } firstName, LastName: { } lastName } || !PersonText.IsEmail(email)
            || !PersonText.IsName(firstName) || !PersonText.IsName(lastName)) return Adoption.Incomplete;
        var roles = (await keycloak.RolesAsync(user.Id, cancel)).Select(role => role.Name).ToHashSet();
        if (PersonText.Roles.FirstOrDefault(roles.Contains) is not { } role) return Adoption.NoRole; // the highest comes first
        var person = new NewPerson(email.ToLowerInvariant(), firstName, lastName, role);
        return await adoptions.AdoptAsync(job.Tenant, user.Id, person, PersonJobs.ActorOf(job.Args), cancel);
    }
}
