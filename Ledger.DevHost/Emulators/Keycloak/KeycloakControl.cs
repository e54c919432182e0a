namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>
/// What an operator does by hand at the real one, outside the emulated surface:
/// <code>POST /emulator/keycloak/:realm/rotate-keys     204; 404: no such realm</code>
/// </summary>
internal static class KeycloakControl
{
    public static void Map(WebApplication app, IReadOnlyDictionary<string, Realm> realms)
        => app.MapPost("/emulator/keycloak/{realm}/rotate-keys", (string realm) =>
        {
            if (!realms.TryGetValue(realm, out var found))
                return Results.NotFound();
            Rotate(found);
            return Results.NoContent();
        });

    /// <summary>A new key signs from now on; the old one stays in the JWKS.</summary>
    public static void Rotate(Realm realm)
    {
        lock (realm.Gate)
            realm.Keys.Add("rsa-rotated", realm.Keys.Signing.Priority + 1);
    }
}
