using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;
using Ledger.DevHost.Emulators.Keycloak.Sessions;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary>Sessions: of a user, and <c>sessions/:id</c>.</summary>
internal static class SignedIn
{
    public static AdminAnswer List(AdminRequest request, RealmUser user)
    {
        AdminCaller.Require(request.Caller.ViewUsers);
        return AdminAnswer.List(request.Realm.Sessions.Of(user), Write);
    }

    /// <summary>Ends all sessions and voids every token issued until now.</summary>
    public static AdminAnswer Logout(AdminRequest request, RealmUser user)
    {
        AdminCaller.Require(request.Caller.ManageUsers);
        user.NotBefore = request.Now.ToUnixTimeSeconds();
        request.Realm.Sessions.RemoveOf(user);
        return AdminAnswer.Done;
    }

    public static AdminAnswer Delete(AdminRequest request, string id)
    {
        if (request.Method != "DELETE")
            return AdminAnswer.NotAllowed;
        AdminCaller.Require(request.Caller.ManageUsers);
        return request.Realm.Sessions.Remove(id)
            ? AdminAnswer.Done
            : AdminAnswer.Error(404, "Sesssion not found"); // spelt so
    }

    private static void Write(Utf8JsonWriter json, UserSession session)
    {
        json.WriteStartObject();
        json.WriteString("id", session.Id);
        json.WriteString("username", session.User.Username);
        json.WriteString("userId", session.User.Id);
        json.WriteString("ipAddress", session.IpAddress);
        json.WriteNumber("start", session.Started * 1000);
        json.WriteNumber("lastAccess", session.LastAccess * 1000);
        json.WriteBoolean("rememberMe", false);
        json.WriteStartObject("clients");
        foreach (var client in session.Clients.Values.Select(c => c.Client))
            json.WriteString(client.Id, client.ClientId);
        json.WriteEndObject();
        json.WriteBoolean("transientUser", false);
        json.WriteEndObject();
    }
}
