using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary>
/// Holds a user against the realm's profile: declared validators, one value where one is declared, the user name that must not change,
/// names that are taken. One fault is <c>{"field":…,"errorMessage":…,"params":[…]}</c>, several are <c>{"errors":[…]}</c> of these.
/// Whether an attribute is required is asked of users alone, never of administrators.
/// </summary>
internal static class ProfileCheck
{
    /// <param name="realm">Whose profile counts.</param>
    /// <param name="fields">The user as they will be.</param>
    /// <param name="user">Who they are now; null: not there yet.</param>
    public static void Require(Realm realm, UserFields fields, RealmUser? user)
    {
        var faults = Names(realm.UserProfile).SelectMany(n => Faults(realm, fields, user, n)).ToArray();
        if (faults is [])
            return;
        throw new AdminRefusal(new AdminAnswer(400, faults is [var single] ? json => Write(json, single) : json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("errors");
            foreach (var fault in faults)
                Write(json, fault);
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    // E-mail before user name: of two that are taken, the real server names the e-mail.
    private static IEnumerable<string> Names(UserProfile profile)
        => ManagedAttributes.Root.Union(profile.Attributes.Keys).Where(n => n != "username").Append("username");

    private static IEnumerable<ProfileFault> Faults(Realm realm, UserFields fields, RealmUser? user, string name)
    {
        if (name == "email" && fields.Email is { } email && Taken(realm.UserByEmail(email), user) && !realm.Settings.DuplicateEmailsAllowed)
            throw new AdminRefusal(AdminAnswer.Message(409, "User exists with same email"));
        if (name == "username" && Taken(realm.UserByName(fields.Username), user))
            throw new AdminRefusal(AdminAnswer.Message(409, "User exists with same username"));
        if (name == "username" && user is not null && user.Username != fields.Username && !realm.Settings.EditUsernameAllowed)
            return [new ProfileFault(name, "error-user-attribute-read-only", [])];
        if (!realm.UserProfile.Attributes.TryGetValue(name, out var declared))
            return [];
        var values = fields.Values(name);
        var several = !declared.Multivalued && values.Count > 1
            ? [new ProfileFault(name, "error-invalid-multivalued-size", [0, 1])]
            : Array.Empty<ProfileFault>();
        return [.. several, .. values.Where(v => v.Length > 0).SelectMany(v => ProfileValidator.Faults(declared, v))];
    }

    private static bool Taken(RealmUser? by, RealmUser? user) => by is not null && by != user;

    private static void Write(Utf8JsonWriter json, ProfileFault fault)
    {
        json.WriteStartObject();
        json.WriteString("field", fault.Field);
        json.WriteString("errorMessage", fault.Message);
        json.WriteStartArray("params");
        json.WriteStringValue(fault.Field);
        foreach (var parameter in fault.Parameters)
            JsonSerializer.Serialize(json, parameter);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>What the profile does not let pass.</summary>
/// <param name="Field">The attribute.</param>
/// <param name="Message">Keycloak's message key, or the validator's own.</param>
/// <param name="Parameters">Texts, numbers, nulls; the attribute's name goes before them.</param>
internal sealed record ProfileFault(string Field, string Message, object?[] Parameters);
