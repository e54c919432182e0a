using System.Globalization;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>Who the user is: scopes <c>profile</c>, <c>email</c> and <c>microprofile-jwt</c>, and attributes by mappers (recordings 47,
/// 55, 99).</summary>
internal static class ProfileClaims
{
    /// <param name="json">The token or userinfo.</param>
    /// <param name="user">Whose.</param>
    /// <param name="client">For whom.</param>
    /// <param name="scopes">What was granted.</param>
    /// <param name="place">The mappers' switch: <c>access.token.claim</c>, <c>id.token.claim</c>, <c>userinfo.token.claim</c>.</param>
    /// <param name="roles">Realm roles in the token.</param>
    public static void Write(
        Utf8JsonWriter json, RealmUser user, RealmClient client, GrantedScopes scopes, string place, IReadOnlyList<string> roles)
    {
        var (profile, microprofile) = (scopes.Has("profile"), scopes.Has("microprofile-jwt"));
        if (microprofile)
            json.WriteString("upn", user.Username);
        if (scopes.Has("email"))
            json.WriteBoolean("email_verified", user.EmailVerified);
        var name = string.Join(' ', new[] { user.FirstName, user.LastName }.Where(n => !string.IsNullOrEmpty(n)));
        if (profile && name.Length > 0)
            json.WriteString("name", name);
        if (microprofile)
            WriteTexts(json, "groups", roles);
        if (profile)
        {
            json.WriteString("preferred_username", user.Username);
            WriteText(json, "given_name", user.FirstName);
            WriteText(json, "family_name", user.LastName);
        }
        foreach (var mapper in TokenRoles.Mappers(client, scopes)
            .Where(m => m.Type == "oidc-usermodel-attribute-mapper" && m.Is(place)))
            WriteAttribute(json, user, mapper);
        if (scopes.Has("email"))
            WriteText(json, "email", user.Email);
    }

    public static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    private static void WriteAttribute(Utf8JsonWriter json, RealmUser user, ProtocolMapper mapper)
    {
        if (!user.Attributes.TryGetValue(mapper.Config.GetValueOrDefault("user.attribute") ?? "", out var values) || values.Count == 0)
            return;
        var claim = mapper.Config.GetValueOrDefault("claim.name") ?? "";
        if (mapper.Is("multivalued"))
            WriteTexts(json, claim, values);
        else if (mapper.Config.GetValueOrDefault("jsonType.label") is "long" or "int"
            && long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            json.WriteNumber(claim, number);
        else if (mapper.Config.GetValueOrDefault("jsonType.label") == "boolean")
            json.WriteBoolean(claim, values[0] == "true");
        else
            json.WriteString(claim, values[0]);
    }
}
