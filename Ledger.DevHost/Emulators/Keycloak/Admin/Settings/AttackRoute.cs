using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Settings;

/// <summary><c>attack-detection/brute-force/users[/:id]</c>: failed logins. An unknown user looks like one without failures.</summary>
internal static class AttackRoute
{
    public static AdminAnswer Handle(AdminRequest request, string[] below) => (below, request.Method) switch
    {
        ([var id], "GET") => Status(request, id),
        ([var id], "DELETE") => Clear(request, id),
        ([], "DELETE") => ClearAll(request),
        _ => below is [] or [_] ? AdminAnswer.NotAllowed : AdminAnswer.NotFound,
    };

    private static AdminAnswer Status(AdminRequest request, string id)
    {
        AdminCaller.Require(request.Caller.ViewUsers);
        var failures = request.Realm.Failures.GetValueOrDefault(id);
        return AdminAnswer.Ok(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("failedLoginNotBefore", failures?.FailedLoginNotBefore ?? 0);
            json.WriteNumber("numFailures", failures?.NumFailures ?? 0);
            json.WriteNumber("numTemporaryLockouts", failures?.NumTemporaryLockouts ?? 0);
            json.WriteBoolean("disabled", failures?.FailedLoginNotBefore > request.Now.ToUnixTimeSeconds());
            json.WriteNumber("numSecondaryAuthFailures", 0);
            json.WriteString("lastIPFailure", failures?.LastIpFailure ?? "n/a");
            json.WriteNumber("lastFailure", failures?.LastFailure ?? 0);
            json.WriteEndObject();
        });
    }

    private static AdminAnswer Clear(AdminRequest request, string id)
    {
        AdminCaller.Require(request.Caller.ManageUsers);
        request.Realm.Failures.Remove(id);
        return AdminAnswer.Done;
    }

    private static AdminAnswer ClearAll(AdminRequest request)
    {
        AdminCaller.Require(request.Caller.ManageUsers);
        request.Realm.Failures.Clear();
        return AdminAnswer.Done;
    }
}
