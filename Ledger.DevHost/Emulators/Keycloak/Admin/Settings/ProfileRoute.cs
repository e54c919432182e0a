using System.Text;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Settings;

/// <summary><c>users/profile</c>: which attributes users may have.</summary>
internal static class ProfileRoute
{
    private static readonly HashSet<string> Validators =
    [
        "length", "pattern", "email", "options", "integer", "double", "uri", "local-date", "iso-date", "multivalued",
        "username-prohibited-characters", "person-name-prohibited-characters", "up-username-not-idn-homograph",
    ];

    public static AdminAnswer Handle(AdminRequest request) => request.Method switch
    {
        "GET" => Get(request),
        "PUT" => Put(request),
        _ => AdminAnswer.NotAllowed,
    };

    private static AdminAnswer Get(AdminRequest request)
    {
        AdminCaller.Require(request.Caller.ViewUsers || request.Caller.ViewRealm);
        return AdminAnswer.Ok(json => request.Realm.UserProfile.Representation.WriteTo(json)) with { NoCache = false };
    }

    private static AdminAnswer Put(AdminRequest request)
    {
        JsonBody.Object(request, "UPConfig", new HashSet<string> { "attributes", "groups", "unmanagedAttributePolicy" });
        AdminCaller.Require(request.Caller.ManageRealm);
        var profile = UserProfile.Parse(Encoding.UTF8.GetString(request.Body));
        foreach (var attribute in profile.Attributes.Values)
        {
            if (attribute.Validations.FirstOrDefault(v => !Validators.Contains(v.Key)).Key is { } unknown)
                return AdminAnswer.Message(400, $"[Validator '{unknown}' defined for attribute '{attribute.Name}' doesn't exist]");
        }
        request.Realm.UserProfile = profile;
        return new AdminAnswer(200, json => profile.Representation.WriteTo(json));
    }
}
