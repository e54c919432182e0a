using System.Security.Cryptography;
using System.Text.Json;

namespace Ledger.DevHost.Setup;

/// <summary>
/// The passwords of our own PostgreSQL, made once: `{"superuser":"…","owner":"…","api":"…","workers":"…"}`, 32 hex digits each.
/// </summary>
internal sealed record Secrets(string Superuser, string Owner, string Api, string Workers)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public DatabasePasswords Database => new(Owner, Api, Workers);

    public static Secrets LoadOrMake(StateFolder state)
    {
        var file = state["secrets.json"];
        if (File.Exists(file))
            return JsonSerializer.Deserialize<Secrets>(File.ReadAllText(file), Json)!;
        var made = new Secrets(Random(), Random(), Random(), Random());
        PrivateFile.Write(file, JsonSerializer.Serialize(made, Json));
        return made;
    }

    private static string Random() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
