using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Emulators.Keycloak.Kept;

/// <summary>
/// What became of a realm's users since its file was read, in <c>&lt;realm&gt;-users.json</c>: those who were made or changed, as a whole,
/// the ids of those who were removed, and failed logins. Whoever is still as the file has them is not in it and follows the file, so
/// passwords that come from the environment stay those of the environment.
/// </summary>
internal sealed class KeptUsers
{
    private readonly string file;
    private readonly Dictionary<string, string> imported;
    private string written;

    private KeptUsers(string file, Dictionary<string, string> imported, Stored stored)
        => (this.file, this.imported, written) = (file, imported, JsonSerializer.Serialize(stored));

    /// <summary>Brings a realm as its file made it to what was kept; from then on <see cref="Realm.KeepUsers"/> keeps.</summary>
    /// <exception cref="InvalidDataException">What was kept cannot be read.</exception>
    public static void Open(Realm realm, string directory, RealmIds ids)
    {
        var file = Path.Combine(directory, $"{realm.Name}-users.json");
        var imported = realm.Users.Values.ToDictionary(u => u.Id, TextOf, StringComparer.Ordinal);
        var stored = StateFile.Read<Stored>(file) ?? new Stored { Users = [], Removed = [], Failures = [] };
        foreach (var id in stored.Removed)
            realm.Users.Remove(id);
        foreach (var kept in stored.Users)
        {
            if (kept.In(realm, ids) is not { } user)
                continue;
            RemoveOthersLike(user, realm);
            realm.Users[user.Id] = user;
        }
        foreach (var (id, failures) in stored.Failures)
            realm.Failures[id] = failures;
        realm.Kept = new KeptUsers(file, imported, stored);
    }

    /// <summary>Writes what is different from what was written last; nothing, where nothing is. The realm's gate is held.</summary>
    public void Write(Realm realm)
    {
        var stored = new Stored
        {
            Users = [.. realm.Users.Values.Where(u => imported.GetValueOrDefault(u.Id) != TextOf(u)).Select(KeptUser.Of)],
            Removed = [.. imported.Keys.Where(id => !realm.Users.ContainsKey(id))],
            Failures = realm.Failures,
        };
        var text = JsonSerializer.Serialize(stored);
        if (text == written)
            return;
        StateFile.Write(file, stored);
        written = text;
    }

    // The file has got a user of the same name or address meanwhile: there can be one, and it is the one that is in use.
    private static void RemoveOthersLike(RealmUser user, Realm realm)
    {
        foreach (var other in realm.Users.Values.Where(o => o.Id != user.Id && IsLike(o)).ToArray())
            realm.Users.Remove(other.Id);

        bool IsLike(RealmUser other) => other.Username == user.Username
            || (other.Email is not null && other.Email == user.Email && !realm.Settings.DuplicateEmailsAllowed);
    }

    private static string TextOf(RealmUser user) => JsonSerializer.Serialize(KeptUser.Of(user));

    // {"users":[…],"removed":["0b7c…"],"failures":{"5d1e…":{"numFailures":2,"lastFailure":1767225600000,…}}}
    private sealed record Stored
    {
        public required List<KeptUser> Users { get; init; }

        public required List<string> Removed { get; init; }

        public required Dictionary<string, LoginFailures> Failures { get; init; }
    }
}
