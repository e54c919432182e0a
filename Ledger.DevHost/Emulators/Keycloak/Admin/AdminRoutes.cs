using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;
using Ledger.DevHost.Emulators.Keycloak.Admin.Roles;
using Ledger.DevHost.Emulators.Keycloak.Admin.Settings;
using Ledger.DevHost.Emulators.Keycloak.Admin.Users;

namespace Ledger.DevHost.Emulators.Keycloak.Admin;

/// <summary>Which resource is asked for. Called with the realm's gate held.</summary>
internal static class AdminRoutes
{
    public static AdminAnswer Handle(AdminRequest request) => request.Path switch
    {
        [] => RealmRoute.Handle(request),
        ["users"] => UsersRoute.Handle(request),
        ["users", "count"] => UsersRoute.Count(request),
        ["users", "profile"] => ProfileRoute.Handle(request),
        ["users", var id, .. var below] => UserRoute.Handle(request, id, below),
        ["roles", .. var below] => RolesRoute.Handle(request, below),
        ["clients", .. var below] => ClientsRoute.Handle(request, below),
        ["sessions", var id] => SignedIn.Delete(request, id),
        ["identity-provider", "instances", .. var below] => ProvidersRoute.Handle(request, below),
        ["attack-detection", "brute-force", "users", .. var below] => AttackRoute.Handle(request, below),
        ["components", .. var below] => ComponentsRoute.Handle(request, below),
        ["keys"] => KeysRoute.Handle(request),
        _ => AdminAnswer.NotFound,
    };
}
