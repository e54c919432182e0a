using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary><c>users</c> and <c>users/count</c>.</summary>
internal static class UsersRoute
{
    public static AdminAnswer Handle(AdminRequest request) => request.Method switch
    {
        "GET" => List(request),
        "POST" => Create(request),
        _ => AdminAnswer.NotAllowed,
    };

    public static AdminAnswer Count(AdminRequest request)
    {
        if (request.Method != "GET")
            return AdminAnswer.NotAllowed;
        AdminCaller.Require(request.Caller.QueryUsers);
        var count = request.Caller.ViewUsers ? UserQuery.All(request).Count() : 0;
        return AdminAnswer.Ok(json => json.WriteNumberValue(count));
    }

    // Who may only query gets an empty list: there is no telling from it who exists.
    private static AdminAnswer List(AdminRequest request)
    {
        AdminCaller.Require(request.Caller.QueryUsers);
        var found = request.Caller.ViewUsers ? UserQuery.Page(request).ToArray() : [];
        return AdminAnswer.List(found, UserJson.Listed(request, request.Switch("briefRepresentation") == true));
    }

    private static AdminAnswer Create(AdminRequest request)
    {
        var body = UserBody.Of(request);
        AdminCaller.Require(request.Caller.ManageUsers);
        if (string.IsNullOrWhiteSpace(body.Username))
            throw new AdminRefusal(AdminAnswer.Message(400, "User name is missing"));
        var fields = UserFields.Of(body);
        ProfileCheck.Require(request.Realm, fields, null);
        if (body.Groups.Count > 0) // no realm of this emulator has groups, and the real one does not foresee an unknown one
            throw new AdminRefusal(AdminAnswer.Unforeseen);
        var user = new RealmUser(NewId.Uuid(), fields.Username)
        {
            CreatedTimestamp = body.CreatedTimestamp ?? request.Now.ToUnixTimeMilliseconds(),
        };
        UserChange.Require(request.Realm, user, fields, body.Credentials);
        UserChange.Apply(request, user, fields, body, whole: true);
        user.FederatedIdentities.AddRange(body.FederatedIdentities);
        user.RealmRoles.Add(request.Realm.DefaultRole);
        request.Realm.Users.Add(user.Id, user);
        return AdminAnswer.Created($"{request.Address}/users/{user.Id}");
    }
}
