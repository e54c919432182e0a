using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>The users of a realm file, and the service account of each client that has none there.</summary>
internal sealed class ImportedUsers(Realm realm, RealmIds ids, DateTimeOffset now)
{
    public void Add(JsonObject file)
    {
        foreach (var given in file.Objects("users"))
        {
            var user = Read(given);
            if (realm.UserByName(user.Username) is not null)
                throw new RealmImportException("Duplicate resource error");
            if (user.Email is not null && !realm.Settings.DuplicateEmailsAllowed && realm.UserByEmail(user.Email) is not null)
                throw new RealmImportException("Duplicate resource error"); // recording 639
            realm.Users.Add(user.Id, user);
        }
        foreach (var client in realm.Clients.Values.Where(c => c.ServiceAccountsEnabled))
        {
            if (realm.Users.Values.Any(u => u.ServiceAccountOf == client))
                continue;
            var user = NewUser($"service-account-{client.ClientId}", null);
            user.Enabled = true;
            user.ServiceAccountOf = client;
            user.RealmRoles.Add(realm.DefaultRole);
            realm.Users.Add(user.Id, user);
        }
    }

    private RealmUser NewUser(string username, string? id) => new(id ?? ids.Of($"user:{username}"), username)
    {
        CreatedTimestamp = now.ToUnixTimeMilliseconds(),
    };

    // {"username":"demo-admin","enabled":true,"credentials":[{"type":"password","value":"…"}],"realmRoles":["default-roles-ledger"]}
    private RealmUser Read(JsonObject given)
    {
        var name = given.Text("username") ?? throw new RealmImportException("User name is missing");
        var user = NewUser(name.ToLowerInvariant(), given.Text("id"));
        user.Enabled = given.Flag("enabled", false);
        user.Email = given.Text("email")?.ToLowerInvariant();
        user.EmailVerified = given.Flag("emailVerified", false);
        user.FirstName = given.Text("firstName");
        user.LastName = given.Text("lastName");
        user.NotBefore = (long?)given["notBefore"] ?? 0;
        foreach (var (attribute, values) in given.Lists("attributes"))
            user.Attributes[attribute] = values;
        user.RealmRoles.AddRange(given.Texts("realmRoles").Select(role => ImportedRoles.FindOrAdd(realm, role, ids)));
        foreach (var (clientId, roles) in given.Lists("clientRoles"))
            AddClientRoles(user, clientId, roles);
        foreach (var credential in given.Objects("credentials"))
            AddCredential(user, credential);
        // After the credentials: a password that is not temporary would take UPDATE_PASSWORD away.
        user.RequiredActions.AddRange(given.Texts("requiredActions").Where(action => !user.RequiredActions.Contains(action)));
        user.FederatedIdentities.AddRange(given.Objects("federatedIdentities").Select(link => new FederatedIdentity(
            link.Text("identityProvider") ?? "", link.Text("userId") ?? "", link.Text("userName") ?? "")));
        if (given.Text("serviceAccountClientId") is { } owner)
            user.ServiceAccountOf = realm.Clients.TryGetValue(owner, out var client)
                ? client
                : throw new RealmImportException($"Unable to find client specified for service account link. Client: {owner}");
        return user;
    }

    private void AddClientRoles(RealmUser user, string clientId, List<string> roles)
    {
        if (!realm.Clients.TryGetValue(clientId, out var client))
            throw new RealmImportException($"Unable to find client role mappings for client: {clientId}"); // recording 637
        foreach (var name in roles)
        {
            if (!client.Roles.TryGetValue(name, out var role))
                client.Roles.Add(name, role = new RealmRole(ids.Of($"role:{clientId}:{name}"), name, client));
            user.ClientRoles.Add(role);
        }
    }

    private void AddCredential(RealmUser user, JsonObject given)
    {
        if (given.Text("type") == "otp")
        {
            // Both are JSON in a text: {"value":"…"} and {"subType":"totp","digits":6,"period":30,"algorithm":"HmacSHA1"}.
            var secret = JsonNode.Parse(given.Text("secretData") ?? "{}")!.AsObject();
            var data = JsonNode.Parse(given.Text("credentialData") ?? "{}")!.AsObject();
            user.Credentials.Add(new OtpCredential(
                given.Text("id") ?? ids.Of($"otp:{user.Username}"), now.ToUnixTimeMilliseconds(),
                Encoding.UTF8.GetBytes(secret.Text("value") ?? ""), Number(data, "digits", 6), Number(data, "period", 30),
                data.Text("algorithm") ?? "HmacSHA1") { UserLabel = given.Text("userLabel") });
        }
        else if (given.Text("value") is { } password)
        {
            // Recording 694: the message key is all the real one says.
            if (realm.PasswordPolicy.Check(password, user) is { } fault)
                throw new RealmImportException(fault.Key);
            user.SetPassword(password, now, temporary: given.Flag("temporary", false));
        }
    }

    private static int Number(JsonObject given, string name, int fallback)
        => int.TryParse(given.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;
}
