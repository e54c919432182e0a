using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators.Keycloak.Kept;
using Ledger.DevHost.Emulators.Keycloak.Keys;

namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>Reads realm files as Keycloak's <c>--import-realm</c> does at a first start (recordings 618–640, 691–696).</summary>
internal static class RealmImport
{
    private const string ProfileProvider = "org.keycloak.userprofile.UserProfileProvider";

    private static readonly JsonSerializerOptions Settings = new(JsonSerializerDefaults.Web);

    /// <summary>The realms of a folder: every <c>*.json</c> directly in it, of two with the same realm the first.</summary>
    /// <param name="options">The folder, and what placeholders stand for.</param>
    /// <param name="state">Folder that keeps keys, ids and generated secrets between starts.</param>
    /// <param name="time">The clock of creation times.</param>
    /// <exception cref="RealmImportException">A file that the real server would not start with.</exception>
    public static IReadOnlyList<Realm> Read(KeycloakOptions options, string state, TimeProvider time)
    {
        if (!Directory.Exists(options.RealmsDirectory))
            throw new RealmImportException($"There is no folder of realm files at {options.RealmsDirectory}");
        var realms = new List<Realm>();
        foreach (var path in Directory.GetFiles(options.RealmsDirectory, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                var realm = ReadText(File.ReadAllText(path), options.Environment, state, time, options.KeepUsers);
                if (realms.All(r => r.Name != realm.Name))
                    realms.Add(realm);
                else
                    realm.Dispose();
            }
            catch (RealmImportException fault)
            {
                realms.ForEach(r => r.Dispose());
                throw new RealmImportException($"{Path.GetFileName(path)}: {fault.Message}", fault);
            }
        }
        return realms;
    }

    /// <summary>One realm, e.g. <c>{"realm":"ledger","enabled":true,"roles":{…},"clients":[…],"users":[…]}</c>.</summary>
    public static Realm ReadText(
        string json, Func<string, string?> environment, string state, TimeProvider time, bool keepUsers = false)
    {
        try
        {
            var file = Placeholders.Resolve(JsonNode.Parse(json), environment) as JsonObject
                ?? throw new RealmImportException(
                    "Cannot deserialize value of type `org.keycloak.representations.idm.RealmRepresentation`");
            KnownFields.Check(file);
            return Build(file, state, time, keepUsers);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new RealmImportException(fault is JsonException && fault.Message.Contains("end of data", StringComparison.Ordinal)
                ? "Unexpected end-of-input within/between Object entries" // recording 691
                : fault.Message, fault);
        }
    }

    private static Realm Build(JsonObject file, string state, TimeProvider time, bool keepUsers)
    {
        // The real message, recording 695.
        var name = file.Text("realm") ?? throw new RealmImportException("Cannot invoke \"String.equals(Object)\" because the return value "
            + "of \"org.keycloak.representations.idm.RealmRepresentation.getRealm()\" is null");
        var ids = new RealmIds(state, name);
        var realm = new Realm(file.Text("id") ?? ids.Of("realm"), name, new RealmKeys(state, name, time))
        {
            Settings = file.Deserialize<RealmSettings>(Settings)!,
            PasswordPolicy = PasswordPolicy.Parse(file.Text("passwordPolicy") ?? ""),
            UserProfile = ProfileOf(file),
        };
        try
        {
            realm.BrowserFlow = ImportedFlow.Read(file);
            AddScopes(realm, file);
            BuiltInClients.AddTo(realm, ids);
            ImportedClients.AddTo(realm, file, ids);
            ImportedRoles.AddTo(realm, file, ids);
            ImportedClients.AddScopeMappings(realm, file);
            foreach (var given in file.Objects("identityProviders"))
                realm.IdentityProviders[given.Text("alias") ?? ""] = new IdentityProvider(
                    given.Text("alias") ?? "", given.Text("providerId") ?? "", given);
            new ImportedUsers(realm, ids, time.GetUtcNow()).Add(file);
            if (keepUsers)
                KeptUsers.Open(realm, state, ids);
            ids.Save();
            return realm;
        }
        catch
        {
            realm.Dispose();
            throw;
        }
    }

    // Client scopes in the file take the place of all the built-in ones but offline_access (recordings 618–620).
    private static void AddScopes(Realm realm, JsonObject file)
    {
        var scopes = file["clientScopes"] is null
            ? ClientScope.BuiltIn
            : file.Objects("clientScopes").Select(ScopeOf).Append(new ClientScope("offline_access", true, []));
        foreach (var scope in scopes)
            realm.ClientScopes[scope.Name] = scope;
        realm.DefaultClientScopes.AddRange(file["defaultDefaultClientScopes"] is null
            ? ClientScope.DefaultNames.Where(realm.ClientScopes.ContainsKey)
            : file.Texts("defaultDefaultClientScopes"));
        realm.OptionalClientScopes.AddRange(file["defaultOptionalClientScopes"] is null
            ? ClientScope.OptionalNames.Where(realm.ClientScopes.ContainsKey)
            : file.Texts("defaultOptionalClientScopes"));
    }

    private static ClientScope ScopeOf(JsonObject given) => new(given.Text("name") ?? "",
        given.Map("attributes").All(a => a is not { Key: "include.in.token.scope", Value: "false" }), [.. ImportedClients.Mappers(given)]);

    // {"components":{"org.keycloak.userprofile.UserProfileProvider":[{"config":{"kc.user.profile.config":["{…}"]}}]}}
    private static UserProfile ProfileOf(JsonObject file)
    {
        var component = (file["components"] as JsonObject)?[ProfileProvider] as JsonArray;
        var config = (component?.FirstOrDefault() as JsonObject)?["config"] as JsonObject;
        return config?.Texts("kc.user.profile.config").FirstOrDefault() is { } text ? UserProfile.Parse(text) : UserProfile.Default;
    }
}
