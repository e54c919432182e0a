using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary><c>federated-identity</c>: who a user is at identity providers.</summary>
internal static class FederatedRoute
{
    private static readonly HashSet<string> Fields = ["identityProvider", "userId", "userName"];

    public static AdminAnswer List(AdminRequest request, RealmUser user)
    {
        AdminCaller.Require(request.Caller.ViewUsers);
        return AdminAnswer.List(
            user.FederatedIdentities.Where(i => request.Realm.IdentityProviders.ContainsKey(i.IdentityProvider)), Write);
    }

    public static AdminAnswer Handle(AdminRequest request, RealmUser user, string alias) => request.Method switch
    {
        "POST" => Add(request, user, alias),
        "DELETE" => Delete(request, user, alias),
        _ => AdminAnswer.NotAllowed,
    };

    // The provider of the path counts and the one in the body is ignored. None need exist: the link is kept, but not shown before one does.
    private static AdminAnswer Add(AdminRequest request, RealmUser user, string alias)
    {
        var body = JsonBody.Object(request, "FederatedIdentityRepresentation", Fields);
        AdminCaller.Require(request.Caller.ManageUsers);
        if (user.FederatedIdentities.Exists(i => i.IdentityProvider == alias))
            return AdminAnswer.Message(409, "User is already linked with provider");
        user.FederatedIdentities.Add(new FederatedIdentity(alias, body.Text("userId") ?? "", body.Text("userName") ?? ""));
        return AdminAnswer.DoneUncached;
    }

    private static AdminAnswer Delete(AdminRequest request, RealmUser user, string alias)
    {
        AdminCaller.Require(request.Caller.ManageUsers);
        return user.FederatedIdentities.RemoveAll(i => i.IdentityProvider == alias) > 0
            ? AdminAnswer.DoneUncached
            : AdminAnswer.Error(404, "Link not found");
    }

    private static void Write(Utf8JsonWriter json, FederatedIdentity identity)
    {
        json.WriteStartObject();
        json.WriteString("identityProvider", identity.IdentityProvider);
        if (identity.UserId.Length > 0)
            json.WriteString("userId", identity.UserId);
        if (identity.UserName.Length > 0)
            json.WriteString("userName", identity.UserName);
        json.WriteEndObject();
    }
}
