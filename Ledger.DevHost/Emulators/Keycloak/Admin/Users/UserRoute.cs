using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;
using Ledger.DevHost.Emulators.Keycloak.Admin.Roles;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary><c>users/:id</c> and what is below it. The user is looked up before anything else: an unknown one is 404 whatever
/// is asked.</summary>
internal static class UserRoute
{
    public static AdminAnswer Handle(AdminRequest request, string id, string[] below)
    {
        if (request.Realm.UserById(id) is not { } user)
            return request.Caller.QueryUsers ? AdminAnswer.Error(404, "User not found") : AdminAnswer.Forbidden;
        return below switch
        {
            [] => request.Method switch
            {
                "GET" => Get(request, user),
                "PUT" => Put(request, user),
                "DELETE" => Delete(request, user),
                _ => AdminAnswer.NotAllowed,
            },
            ["reset-password"] => Only("PUT", request, user, PasswordRoute.Reset),
            ["credentials"] => Only("GET", request, user, PasswordRoute.List),
            ["credentials", var credential] => Only("DELETE", request, user, (r, u) => PasswordRoute.Delete(r, u, credential)),
            ["logout"] => Only("POST", request, user, SignedIn.Logout),
            ["sessions"] => Only("GET", request, user, SignedIn.List),
            ["role-mappings", .. var rest] => RoleMappingRoute.Handle(request, user, rest),
            ["federated-identity"] => Only("GET", request, user, FederatedRoute.List),
            ["federated-identity", var alias] => FederatedRoute.Handle(request, user, alias),
            ["groups"] => Only("GET", request, user, static (r, _) => Seen(r, AdminAnswer.List<string>([], static (_, _) => { }))),
            ["groups", _] when request.Method is "PUT" or "DELETE" => Seen(request, AdminAnswer.Error(404, "Group not found")),
            _ => AdminAnswer.NotFound,
        };
    }

    private static AdminAnswer Only(string method, AdminRequest request, RealmUser user, Func<AdminRequest, RealmUser, AdminAnswer> handle)
        => request.Method == method ? handle(request, user) : AdminAnswer.NotAllowed;

    private static AdminAnswer Seen(AdminRequest request, AdminAnswer answer)
        => request.Caller.ViewUsers ? answer : AdminAnswer.Forbidden;

    private static AdminAnswer Get(AdminRequest request, RealmUser user)
    {
        AdminCaller.Require(request.Caller.ViewUsers);
        return AdminAnswer.Ok(json => UserJson.Write(json, request, user));
    }

    private static AdminAnswer Put(AdminRequest request, RealmUser user)
    {
        var body = UserBody.Of(request);
        AdminCaller.Require(request.Caller.ManageUsers);
        var fields = UserFields.Of(body, user);
        ProfileCheck.Require(request.Realm, fields, user);
        UserChange.Require(request.Realm, user, fields, body.Credentials);
        UserChange.Apply(request, user, fields, body, whole: body.Attributes is not null);
        return AdminAnswer.Done;
    }

    private static AdminAnswer Delete(AdminRequest request, RealmUser user)
    {
        AdminCaller.Require(request.Caller.ManageUsers);
        request.Realm.Sessions.RemoveOf(user);
        request.Realm.Failures.Remove(user.Id);
        request.Realm.Users.Remove(user.Id);
        return AdminAnswer.DoneUncached;
    }
}
