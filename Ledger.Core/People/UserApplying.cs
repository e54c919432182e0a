using Ledger.Core.Jobs;

namespace Ledger.Core.People;

/// <summary>Brings one user of Keycloak to what the row of a person says. Every step reads before it writes and may be repeated; whoever
/// stops between two of them is continued by the next run from the first step on.</summary>
/// <param name="found">Told of the user's id as soon as there is one.</param>
internal sealed class UserApplying(KeycloakAdmin keycloak, Person person, Func<string, Task> found)
{
    private bool addressIsAnothers;

    private string Tenant => person.Tenant.Value;

    /// <summary>Runs the steps.</summary>
    /// <returns>False where the address belongs to a user that is not this person's. Of such a user nothing was touched; a user of this
    /// person has everything but the address.</returns>
    /// <exception cref="KeycloakException"/>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        if (person.Withdrawn) return await RemoveAsync(cancel);

        // 1. The user: the one we know, else the one of that name, else a new one that cannot sign in.
        var user = await FindAsync(cancel);
        if (user is null && await keycloak.CreateAsync(Wanted(null) with { Enabled = false }, cancel) is { } id)
            user = await keycloak.FindAsync(id, cancel);
        user ??= await keycloak.FindByNameAsync(person.Email, cancel); // 409: made by a run that was cut off just now
        if (user is null || !IsOurs(user)) return false;

        // 2. Its id, for whoever comes after us, and for whom tokens are refused.
        if (user.Id != person.Subject) await found(user.Id);

        // 3. Who loses access loses it first.
        if (!person.Enabled) await WriteAsync(user, cancel);

        // 4. The one role: the old one goes before the new one comes.
        await SetRoleAsync(user.Id, cancel);

        // 5. Links to identity providers.
        var unknown = await SetLinksAsync(user.Id, cancel);

        // 6. Who gains access gains it last.
        if (person.Enabled) await WriteAsync(user, cancel);

        // 7. Sessions that hold what the person no longer has.
        if (person.SignOutVersion > person.AppliedVersion) await keycloak.SignOutAsync(user.Id, cancel);

        // Said last: a provider that is not there keeps nobody's rights from being taken.
        return unknown is null ? !addressIsAnothers : throw KeycloakException.OfUnknownProvider(unknown);
    }

    private async Task<KeycloakUser?> FindAsync(CancellationToken cancel) =>
        (person.Subject is { } subject ? await keycloak.FindAsync(subject, cancel) : null)
        ?? await keycloak.FindByNameAsync(person.Email, cancel);

    // Another tenant's user is nobody's to touch. Nor is one that can sign in although this person never joined: an operator made it.
    private bool IsOurs(KeycloakUser user) =>
        user.IsOf(Tenant) && (person.JoinedAt is not null || user.Id == person.Subject || !user.Enabled);

    // Who accepted had the mail. Who was adopted may have typed any address into Keycloak: what it knows of this one stays.
    private bool IsAddressProven(KeycloakUser? now) => person is { JoinedAt: not null, Adopted: false }
        || (now is { EmailVerified: true } && string.Equals(now.Email, person.Email, StringComparison.OrdinalIgnoreCase));

    private KeycloakUser Wanted(KeycloakUser? now) => new(
        now?.Id ?? "", now?.Username ?? person.Email, person.Email, IsAddressProven(now),
        person.FirstName, person.LastName, person.Enabled, now?.Attributes ?? new Dictionary<string, string[]> { ["tenant"] = [Tenant] });

    // Where somebody else has the address (409), nothing of the write was done: all of it goes with the address that the user has there.
    // Who is to be locked out is locked out, whatever others did to an address.
    private async Task WriteAsync(KeycloakUser user, CancellationToken cancel)
    {
        var wanted = Wanted(user);
        if (wanted == user || await keycloak.UpdateAsync(wanted, cancel)) return;
        addressIsAnothers = true;
        var kept = wanted with { Email = user.Email, EmailVerified = user.EmailVerified };
        if (kept != user && !await keycloak.UpdateAsync(kept, cancel))
            throw new KeycloakException(JobErrorClass.Config, "write user: 409 with the address that it has", 409);
    }

    private async Task SetRoleAsync(string id, CancellationToken cancel)
    {
        var given = (await keycloak.RolesAsync(id, cancel)).Where(role => PersonText.Roles.Contains(role.Name)).ToList();
        var surplus = given.Where(role => role.Name != person.Role).ToList();
        if (surplus.Count > 0) await keycloak.RemoveRolesAsync(id, surplus, cancel);
        if (given.Count > surplus.Count) return;
        var role = (await keycloak.AvailableRolesAsync(id, cancel)).FirstOrDefault(role => role.Name == person.Role)
            ?? throw new KeycloakException(JobErrorClass.Config, $"the realm has no role {person.Role} that our client may give");
        await keycloak.AddRoleAsync(id, role, cancel);
    }

    /// <returns>An alias that the realm has no provider of; null: all links are as wanted.</returns>
    private async Task<string?> SetLinksAsync(string id, CancellationToken cancel)
    {
        if (person.Links.Count == 0) return null;
        var shown = await LinksAsync(id, cancel);
        var added = new List<string>();
        foreach (var (alias, wanted) in person.Links)
        {
            if (wanted is not null && shown.GetValueOrDefault(alias) == wanted) continue;
            // Also where none is shown: Keycloak takes a link to a provider that it does not have, shows it to nobody, refuses a second
            // (409), and would let it sign somebody in on the day that there is such a provider.
            await keycloak.RemoveLinkAsync(id, alias, cancel);
            if (wanted is null) continue;
            await keycloak.AddLinkAsync(id, wanted, cancel);
            added.Add(alias);
        }
        if (added.Count == 0) return null;
        shown = await LinksAsync(id, cancel);
        added.RemoveAll(shown.ContainsKey);
        foreach (var alias in added) await keycloak.RemoveLinkAsync(id, alias, cancel);
        return added.FirstOrDefault();
    }

    private async Task<Dictionary<string, ProviderLink>> LinksAsync(string id, CancellationToken cancel) =>
        (await keycloak.LinksAsync(id, cancel)).ToDictionary(link => link.Alias);

    private async Task<bool> RemoveAsync(CancellationToken cancel)
    {
        if (await FindAsync(cancel) is { Enabled: false } user && user.IsOf(Tenant)) await keycloak.DeleteAsync(user.Id, cancel);
        return true;
    }
}
