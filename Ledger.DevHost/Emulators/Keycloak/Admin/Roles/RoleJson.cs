using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Roles;

/// <summary>Roles as the admin REST shows them.</summary>
internal static class RoleJson
{
    public static Action<Utf8JsonWriter, RealmRole> Listed(Realm realm) => (json, role) => Write(json, realm, role, attributes: false);

    public static void Write(Utf8JsonWriter json, Realm realm, RealmRole role, bool attributes)
    {
        json.WriteStartObject();
        json.WriteString("id", role.Id);
        json.WriteString("name", role.Name);
        if (role.Description is { } description)
            json.WriteString("description", description);
        json.WriteBoolean("composite", role.Composites.Count > 0);
        json.WriteBoolean("clientRole", role.Client is not null);
        json.WriteString("containerId", role.Client?.Id ?? realm.Id);
        if (attributes)
        {
            json.WritePropertyName("attributes");
            JsonSerializer.Serialize(json, role.Attributes);
        }
        json.WriteEndObject();
    }
}
