using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Core.People;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.People;

/// <summary>Links to a provider that the realm does not have, against the emulator: it takes them, shows them to nobody and refuses a
/// second, as a real Keycloak does.</summary>
public sealed class UnknownProviderTests : IAsyncLifetime
{
    private static readonly ProviderLink Link = new("later-sso", "7", "ada");

    private const string Profile = """
        {"attributes":[{"name":"username"},{"name":"email"},{"name":"firstName"},{"name":"lastName"},{"name":"tenant"}]}
        """;

    private TempFolder folder = null!;
    private HttpClient http = null!;
    private KeycloakEmulator keycloak = null!;
    private PeopleUnderTest people = null!;

    public async Task InitializeAsync()
    {
        (folder, http) = (new TempFolder(), new HttpClient());
        Directory.CreateDirectory(folder["realms"]);
        await File.WriteAllTextAsync(folder["realms/ledger.json"], """
            {"realm": "ledger", "enabled": true,
             "roles": {"realm": [{"name": "CLIENT_ADMIN"}, {"name": "CLIENT_TECH"}, {"name": "AUDITOR"}]},
             "clients": [
              {"clientId": "ledger-workers", "serviceAccountsEnabled": true},
              {"clientId": "setup", "serviceAccountsEnabled": true}],
             "components": {"org.keycloak.userprofile.UserProfileProvider": [{"config": {"kc.user.profile.config": ["${PROFILE}"]}}]},
             "users": [
              {"username": "service-account-ledger-workers", "enabled": true, "serviceAccountClientId": "ledger-workers",
               "clientRoles": {"realm-management": ["manage-users", "view-users", "query-users"]}},
              {"username": "service-account-setup", "enabled": true, "serviceAccountClientId": "setup",
               "clientRoles": {"realm-management": ["realm-admin"]}}]}
            """);
        keycloak = await KeycloakEmulator.StartAsync(new EmulatorOptions { StateDirectory = folder["state"] },
            new KeycloakOptions { RealmsDirectory = folder["realms"], Environment = _ => Profile }, CancellationToken.None);
        people = await PeopleUnderTest.StartAsync(new PeopleOptions
        {
            KeycloakAddress = keycloak.Address, ClientSecret = keycloak.ClientSecret("ledger", "ledger-workers"),
            PortalAddress = new Uri("https://portal.example.com/join"),
        });
    }

    public async Task DisposeAsync()
    {
        await people.DisposeAsync();
        await keycloak.DisposeAsync();
        http.Dispose();
        folder.Dispose();
    }

    [PostgresFact]
    public async Task The_job_fails_as_a_matter_of_configuration_however_often_and_goes_through_once_there_is_the_provider()
    {
        var invitation = await people.InviteAsync(PeopleUnderTest.Ada with { Link = Link });
        for (var attempt = 1; attempt <= 3; attempt++, people.Time.Advance(TimeSpan.FromMinutes(10)))
        {
            await people.WorkAsync();
            Assert.True(await people.PersonAsync(invitation.PersonId) is { IsApplied: false, LastError: PersonApplying.UnknownProvider });
            Assert.Equal($"config|keycloak: add link: the realm has no identity provider later-sso|{attempt}",
                Assert.Single(await people.Ledger.TableAsync("SELECT last_error_class, last_error, counted_attempts FROM jobs")));
        }
        Assert.Empty(people.Sink.Mails);

        await AddProviderAsync();
        Assert.Empty(await LinksAsync(invitation.PersonId)); // none was left behind
        await people.WorkOnAsync();

        Assert.Equal([Link], await LinksAsync(invitation.PersonId));
        Assert.True(await people.PersonAsync(invitation.PersonId) is { IsApplied: true, LastError: null });
        Assert.Single(people.Sink.Mails);
    }

    [PostgresFact]
    public async Task All_else_of_the_person_is_applied_and_without_the_link_nothing_is_amiss()
    {
        var person = await people.JoinedAsync();
        await people.People.LinkAsync(PeopleUnderTest.Demo, person.Id, Link, PeopleUnderTest.Admin, CancellationToken.None);
        await people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person.Id, "AUDITOR", PeopleUnderTest.Admin, CancellationToken.None);
        await people.People.DisableAsync(PeopleUnderTest.Demo, person.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkAsync();

        Assert.Equal(PersonApplying.UnknownProvider, (await people.PersonAsync(person.Id)).LastError);
        Assert.False((await people.Admin1.FindAsync(person.Subject!, default))!.Enabled);
        var roles = await people.Admin1.RolesAsync(person.Subject!, default);
        Assert.Equal(["AUDITOR"], roles.Select(r => r.Name).Where(PersonText.Roles.Contains));

        await people.People.UnlinkAsync(PeopleUnderTest.Demo, person.Id, Link.Alias, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        Assert.True(await people.PersonAsync(person.Id) is { IsApplied: true, LastError: null });
    }

    [PostgresFact]
    public async Task A_link_that_a_run_left_behind_unseen_is_replaced_or_removed()
    {
        var replaced = await people.JoinedAsync();
        var removed = await people.JoinedAsync(PeopleUnderTest.Ada with { Email = "bob@example.com" });
        foreach (var person in new[] { replaced, removed }) // cut off between making the link and looking for it
            await people.Admin1.AddLinkAsync(person.Subject!, Link with { UserId = "old" }, default);
        await people.People.LinkAsync(PeopleUnderTest.Demo, removed.Id, Link, PeopleUnderTest.Admin, CancellationToken.None);
        await people.People.UnlinkAsync(PeopleUnderTest.Demo, removed.Id, Link.Alias, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();

        await AddProviderAsync();
        await people.People.LinkAsync(PeopleUnderTest.Demo, replaced.Id, Link, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();

        Assert.Equal([Link], await LinksAsync(replaced.Id));
        Assert.Empty(await LinksAsync(removed.Id));
    }

    private async Task<IReadOnlyList<ProviderLink>> LinksAsync(Guid person) =>
        await people.Admin1.LinksAsync((await people.PersonAsync(person)).Subject!, default);

    private async Task AddProviderAsync()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "setup", ["client_secret"] = keycloak.ClientSecret("ledger", "setup"),
        });
        using var granted = await http.PostAsync(new Uri(keycloak.Address, "/realms/ledger/protocol/openid-connect/token"), form);
        var token = (await granted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var made = await http.PostAsJsonAsync(
            new Uri(keycloak.Address, "/admin/realms/ledger/identity-provider/instances"), new { alias = Link.Alias, providerId = "oidc" });
        made.EnsureSuccessStatusCode();
    }
}
