using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;
using Ledger.DevHost.Emulators.Keycloak.Admin.Users;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Roles;

/// <summary><c>roles</c>: realm roles by name, for whoever may view the realm. Managing users is not enough.</summary>
internal static class RolesRoute
{
    private static readonly HashSet<string> Fields =
        ["id", "name", "description", "scopeParamRequired", "composites", "composite", "clientRole", "containerId", "attributes"];

    public static AdminAnswer Handle(AdminRequest request, string[] below)
    {
        switch (below, request.Method)
        {
            case ([], "GET"):
                AdminCaller.Require(request.Caller.ViewRealm);
                return AdminAnswer.List(request.Realm.Roles.Values, RoleJson.Listed(request.Realm));
            case ([], "POST"):
                return Create(request);
            case ([var name, .. var rest], "GET") when rest is [] or ["users"]:
                AdminCaller.Require(request.Caller.ViewRealm);
                if (!request.Realm.Roles.TryGetValue(name, out var role))
                    return AdminAnswer.Error(404, "Could not find role");
                return rest is []
                    ? AdminAnswer.Ok(json => RoleJson.Write(json, request.Realm, role, attributes: true))
                    : AdminAnswer.List(request.Realm.Users.Values.Where(u => u.RealmRoles.Contains(role))
                        .OrderBy(u => u.Username, StringComparer.Ordinal), UserJson.Listed(request, brief: false));
            default:
                return below is [] or [_] ? AdminAnswer.NotAllowed : AdminAnswer.NotFound;
        }
    }

    private static AdminAnswer Create(AdminRequest request)
    {
        var body = JsonBody.Object(request, "RoleRepresentation", Fields);
        AdminCaller.Require(request.Caller.ManageRealm);
        if (body.Text("name") is not { Length: > 0 } name)
            return AdminAnswer.Error(400, "role has no name");
        if (!request.Realm.Roles.TryAdd(name, new RealmRole(NewId.Uuid(), name) { Description = body.Text("description") }))
            return AdminAnswer.Message(409, $"Role with name {name} already exists");
        return AdminAnswer.Created($"{request.Address}/roles/{Uri.EscapeDataString(name)}");
    }
}
