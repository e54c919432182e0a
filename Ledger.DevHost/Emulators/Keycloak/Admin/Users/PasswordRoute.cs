using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary><c>reset-password</c> and <c>credentials</c> of a user.</summary>
internal static class PasswordRoute
{
    // As recorded; what it says of the hash is the real server's default, not what is done here.
    private const string HashedByArgon2 =
        """{"hashIterations":5,"algorithm":"argon2","additionalParameters":{"hashLength":["32"],"memory":["7168"],"type":"""
        + """["id"],"version":["1.3"],"parallelism":["1"]}}""";

    /// <summary>PUT <c>{"type":"password","value":"…","temporary":true}</c>: a temporary one must be changed at the next login.</summary>
    public static AdminAnswer Reset(AdminRequest request, RealmUser user)
    {
        var body = CredentialBody.Of(JsonBody.Object(request, "CredentialRepresentation", CredentialBody.Fields));
        AdminCaller.Require(request.Caller.ManageUsers);
        if (string.IsNullOrWhiteSpace(body.Value))
            throw new AdminRefusal(AdminAnswer.Error(400, "No password provided"));
        UserChange.Require(request.Realm.PasswordPolicy.Check(body.Value, user));
        user.SetPassword(body.Value, request.Now, body.Temporary);
        return AdminAnswer.Done;
    }

    public static AdminAnswer List(AdminRequest request, RealmUser user)
    {
        AdminCaller.Require(request.Caller.ViewUsers);
        return AdminAnswer.List(user.Credentials, Write);
    }

    public static AdminAnswer Delete(AdminRequest request, RealmUser user, string id)
    {
        AdminCaller.Require(request.Caller.ManageUsers);
        return user.Credentials.RemoveAll(c => c.Id == id) > 0
            ? AdminAnswer.DoneUncached
            : AdminAnswer.Error(404, "Credential not found");
    }

    private static void Write(Utf8JsonWriter json, Credential credential)
    {
        json.WriteStartObject();
        json.WriteString("id", credential.Id);
        json.WriteString("type", credential.Type);
        if (credential.UserLabel is { } label)
            json.WriteString("userLabel", label);
        json.WriteNumber("createdDate", credential.CreatedDate);
        json.WriteString("credentialData", credential is OtpCredential otp ? OtpData(otp) : HashedByArgon2);
        json.WriteEndObject();
    }

    private static string OtpData(OtpCredential otp) => JsonSerializer.Serialize(new
    {
        subType = "totp", digits = otp.Digits, counter = 0, period = otp.Period, algorithm = otp.Algorithm,
    });
}
