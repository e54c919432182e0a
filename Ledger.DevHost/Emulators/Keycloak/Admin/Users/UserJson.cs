using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary>Users as the admin REST shows them.</summary>
internal static class UserJson
{
    /// <summary>In a list; a brief one has no attributes.</summary>
    public static Action<Utf8JsonWriter, RealmUser> Listed(AdminRequest request, bool brief) => (json, user) =>
    {
        json.WriteStartObject();
        WriteFields(json, request.Realm, user, brief);
        json.WriteStartObject("access");
        json.WriteBoolean("manage", request.Caller.ManageUsers);
        json.WriteEndObject();
        json.WriteEndObject();
    };

    /// <summary>One by its id.</summary>
    public static void Write(Utf8JsonWriter json, AdminRequest request, RealmUser user)
    {
        json.WriteStartObject();
        WriteFields(json, request.Realm, user, brief: false);
        json.WriteStartObject("access");
        json.WriteBoolean("manageGroupMembership", request.Caller.ManageUsers);
        json.WriteBoolean("resetPassword", request.Caller.ManageUsers);
        json.WriteBoolean("view", request.Caller.ViewUsers);
        json.WriteBoolean("mapRoles", request.Caller.ManageUsers);
        json.WriteBoolean("impersonate", request.Caller.Impersonate);
        json.WriteBoolean("manage", request.Caller.ManageUsers);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Where the real server does not say what the caller may do with them.</summary>
    public static void WriteBare(Utf8JsonWriter json, Realm realm, RealmUser user)
    {
        json.WriteStartObject();
        WriteFields(json, realm, user, brief: false);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, Realm realm, RealmUser user, bool brief)
    {
        json.WriteString("id", user.Id);
        json.WriteString("username", user.Username);
        WriteText(json, "firstName", user.FirstName);
        WriteText(json, "lastName", user.LastName);
        WriteText(json, "email", user.Email);
        json.WriteBoolean("emailVerified", user.EmailVerified);
        if (!brief)
            WriteAttributes(json, realm.UserProfile, user);
        json.WriteBoolean("enabled", user.Enabled);
        json.WriteNumber("createdTimestamp", user.CreatedTimestamp);
        if (brief)
            return;
        json.WriteBoolean("totp", user.HasOtp);
        WriteTexts(json, "disableableCredentialTypes", []);
        WriteTexts(json, "requiredActions", user.RequiredActions);
        json.WriteNumber("notBefore", user.NotBefore);
    }

    // Imported attributes that nobody declared are in the tokens, but not here.
    private static void WriteAttributes(Utf8JsonWriter json, UserProfile profile, RealmUser user)
    {
        var shown = user.Attributes.Where(a => profile.Shows(a.Key) && a.Value.Count > 0).ToArray();
        if (shown.Length == 0)
            return;
        json.WriteStartObject("attributes");
        foreach (var (name, values) in shown)
            WriteTexts(json, name, values);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
