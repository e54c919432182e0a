using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin;

/// <summary>
/// Who calls and what they may: the roles of client <c>realm-management</c> that the user has now and that the token's client may use.
/// The token's own list of roles is not asked, so what is taken away counts at once.
/// </summary>
internal sealed class AdminCaller
{
    private const string Management = "realm-management";

    private readonly HashSet<string> roles;

    /// <param name="user">The token's subject.</param>
    /// <param name="client">The token's <c>azp</c>.</param>
    public AdminCaller(RealmUser user, RealmClient client)
    {
        var usable = client.FullScopeAllowed ? null : RealmRole.Expand(client.ScopeMappings);
        roles = [.. user.EffectiveRoles.Where(r => r.Client?.ClientId == Management && usable?.Contains(r) != false).Select(r => r.Name)];
    }

    public bool ManageUsers => Has("manage-users");

    public bool ViewUsers => ManageUsers || Has("view-users");

    public bool QueryUsers => ViewUsers || Has("query-users");

    public bool Impersonate => Has("impersonation");

    public bool ManageRealm => Has("manage-realm");

    public bool ViewRealm => ManageRealm || Has("view-realm");

    public bool ManageClients => Has("manage-clients");

    public bool ViewClients => ManageClients || Has("view-clients");

    public bool ManageProviders => Has("manage-identity-providers");

    public bool ViewProviders => ManageProviders || Has("view-identity-providers");

    /// <summary>Whether the caller administers anything at all.</summary>
    public bool Any => roles.Count > 0;

    /// <summary>Roles that administer the realm can be given away only by somebody who has them all.</summary>
    public bool MayGive(RealmRole role) => role.Client?.ClientId != Management || Has("realm-admin");

    public static void Require(bool right)
    {
        if (!right)
            throw new AdminRefusal(AdminAnswer.Forbidden);
    }

    private bool Has(string role) => roles.Contains(role);
}
