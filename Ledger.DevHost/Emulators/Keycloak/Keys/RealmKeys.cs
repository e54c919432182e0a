using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Keys;

/// <summary>The keys of a realm (recordings 8, 594–603), kept in the state folder: one file a key.</summary>
internal sealed class RealmKeys : IDisposable
{
    private readonly List<RealmKey> keys = [];
    private readonly Func<string, string> fileOf;
    private readonly string realm;
    private readonly TimeProvider time;

    public RealmKeys(string directory, string realm, TimeProvider time)
    {
        (this.realm, this.time) = (realm, time);
        fileOf = kind => Path.Combine(directory, $"{realm}-{kind}.json");
        var now = time.GetUtcNow();
        keys.Add(RealmKey.Open(fileOf("rsa-oaep"), "RSA-OAEP", realm, now, "rsa-enc-generated", 100));
        keys.Add(RealmKey.Open(fileOf("rs256"), "RS256", realm, now, "rsa-generated", 100));
        for (var number = 2; File.Exists(FileOfNumber(number)); number++)
            keys.Add(RealmKey.Open(FileOfNumber(number), "RS256", realm, now, "rsa-generated", 100));
        Refresh = RealmSecret.Open(fileOf("hs512"));
    }

    /// <summary>Signs refresh tokens.</summary>
    public RealmSecret Refresh { get; }

    /// <summary>All, the highest priority first.</summary>
    public IReadOnlyList<RealmKey> All => [.. keys.OrderByDescending(k => k.Priority)];

    /// <summary>What signs access and id tokens now.</summary>
    public RealmKey Signing => All.FirstOrDefault(k => k is { Algorithm: "RS256", Active: true, Enabled: true }) ?? keys[1];

    /// <summary>The enabled signing key of this name; null: its tokens are refused.</summary>
    public RealmKey? Find(string kid) => keys.FirstOrDefault(k => k is { Algorithm: "RS256", Enabled: true } && k.Kid == kid);

    /// <summary>A new signing key; with a higher priority than the others it signs from now on. The others stay in the JWKS.</summary>
    public RealmKey Add(string name, long priority)
    {
        var number = 2;
        while (File.Exists(FileOfNumber(number)))
            number++;
        var key = RealmKey.Open(FileOfNumber(number), "RS256", realm, time.GetUtcNow(), name, priority);
        keys.Add(key);
        return key;
    }

    /// <summary>RFC 7517: <c>{"keys":[…]}</c>.</summary>
    public void WriteJwks(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("keys");
        foreach (var key in All.Where(k => k.Enabled))
            key.WriteJwk(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void Dispose() => keys.ForEach(k => k.Dispose());

    private string FileOfNumber(int number) => fileOf($"rs256-{number}");
}
