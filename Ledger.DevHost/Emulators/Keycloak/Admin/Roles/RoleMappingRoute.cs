using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Roles;

/// <summary>
/// <c>users/:id/role-mappings</c>. A role is mapped by its name and its id together; whoever may not read roles finds the ids at
/// <c>realm/available</c>.
/// </summary>
internal static class RoleMappingRoute
{
    public static AdminAnswer Handle(AdminRequest request, RealmUser user, string[] below)
    {
        switch (below)
        {
            case []:
                return request.Method == "GET" ? All(request, user) : AdminAnswer.NotAllowed;
            case ["realm", .. var rest]:
                return Of(request, user, rest, user.RealmRoles, request.Realm.Roles);
            case ["clients", var id, .. var rest]:
                return request.Realm.ClientById(id) is { } client
                    ? Of(request, user, rest, user.ClientRoles, client.Roles)
                    : AdminAnswer.Error(404, "Client not found");
            default:
                return AdminAnswer.NotFound;
        }
    }

    /// <param name="request">What is asked.</param>
    /// <param name="user">Whose.</param>
    /// <param name="below">What follows <c>realm</c> or <c>clients/:id</c>.</param>
    /// <param name="given">Where the user's roles of this kind are.</param>
    /// <param name="roles">All there are of the realm or the client.</param>
    private static AdminAnswer Of(
        AdminRequest request, RealmUser user, string[] below, List<RealmRole> given, IDictionary<string, RealmRole> roles)
    {
        var write = RoleJson.Listed(request.Realm);
        switch (below, request.Method)
        {
            case ([], "GET"):
                AdminCaller.Require(request.Caller.ViewUsers);
                return AdminAnswer.List(given.Where(roles.Values.Contains), write);
            case (["available"], "GET"):
                AdminCaller.Require(request.Caller.ViewUsers);
                return AdminAnswer.List(roles.Values.Where(r => !given.Contains(r) && request.Caller.MayGive(r)), write);
            case (["composite"], "GET"):
                AdminCaller.Require(request.Caller.ViewUsers);
                return AdminAnswer.List(user.EffectiveRoles.Where(roles.Values.Contains), write);
            case ([], "POST"):
                var added = Named(request, roles);
                given.AddRange(added.Except(given).ToArray());
                return AdminAnswer.Done;
            case ([], "DELETE"):
                var removed = request.Body.Length == 0 ? [.. given.Where(roles.Values.Contains)] : Named(request, roles);
                given.RemoveAll(removed.Contains);
                return AdminAnswer.Done;
            default:
                return below is [] or ["available"] or ["composite"] ? AdminAnswer.NotAllowed : AdminAnswer.NotFound;
        }
    }

    private static RealmRole[] Named(AdminRequest request, IDictionary<string, RealmRole> roles)
    {
        var named = JsonBody.Objects(request);
        AdminCaller.Require(request.Caller.ManageUsers);
        return [.. named.Select(n =>
        {
            if (n.Text("name") is not { } name || !roles.TryGetValue(name, out var role) || role.Id != n.Text("id"))
                throw new AdminRefusal(AdminAnswer.Error(404, "Role not found"));
            AdminCaller.Require(request.Caller.MayGive(role));
            return role;
        })];
    }

    // Only what the caller may read elsewhere too: the right to manage users is not the right to read roles, and {} is the answer then.
    private static AdminAnswer All(AdminRequest request, RealmUser user)
    {
        AdminCaller.Require(request.Caller.ViewUsers);
        var write = RoleJson.Listed(request.Realm);
        return AdminAnswer.Ok(json =>
        {
            json.WriteStartObject();
            if (request.Caller.ViewRealm && user.RealmRoles.Count > 0)
                Write(json, "realmMappings", user.RealmRoles);
            var clients = request.Caller.ViewClients ? user.ClientRoles.GroupBy(r => r.Client!).ToArray() : [];
            if (clients.Length > 0)
            {
                json.WriteStartObject("clientMappings");
                foreach (var client in clients)
                {
                    json.WriteStartObject(client.Key.ClientId);
                    json.WriteString("id", client.Key.Id);
                    json.WriteString("client", client.Key.ClientId);
                    Write(json, "mappings", client);
                    json.WriteEndObject();
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });

        void Write(Utf8JsonWriter json, string name, IEnumerable<RealmRole> roles)
        {
            json.WriteStartArray(name);
            foreach (var role in roles)
                write(json, role);
            json.WriteEndArray();
        }
    }
}
