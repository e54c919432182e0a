namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>Reads realm files as Keycloak's <c>--import-realm</c> does.</summary>
internal static class RealmImport
{
    /// <summary>The realms of a folder.</summary>
    /// <param name="options">The folder, and what placeholders stand for.</param>
    /// <param name="state">Folder that keeps keys, ids and generated secrets between starts.</param>
    /// <param name="time">The clock of creation times.</param>
    /// <exception cref="RealmImportException">A file that the real server would not start with.</exception>
    public static IReadOnlyList<Realm> Read(KeycloakOptions options, string state, TimeProvider time)
        => throw new RealmImportException($"realm files are not read yet: {options.RealmsDirectory}, {state}, {time.GetUtcNow()}");
}
