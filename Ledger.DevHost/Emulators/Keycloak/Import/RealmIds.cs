namespace Ledger.DevHost.Emulators.Keycloak.Import;

/// <summary>Ids and secrets that a realm file leaves open, chosen once and kept: a token's <c>sub</c> is the same after a
/// restart.</summary>
internal sealed class RealmIds
{
    private readonly string file;
    private readonly Dictionary<string, string> values;
    private readonly int known;

    public RealmIds(string directory, string realm)
    {
        file = Path.Combine(directory, $"{realm}-ids.json");
        values = StateFile.Read<Dictionary<string, string>>(file) ?? [];
        known = values.Count;
    }

    /// <summary>UUID of a thing such as <c>user:demo-admin</c>.</summary>
    public string Of(string thing) => values.TryGetValue(thing, out var id) ? id : values[thing] = NewId.Uuid();

    /// <summary>The generated secret of a client.</summary>
    public string SecretOf(string clientId)
        => values.TryGetValue($"secret:{clientId}", out var secret) ? secret : values[$"secret:{clientId}"] = NewId.Secret();

    /// <summary>Writes what is new.</summary>
    public void Save()
    {
        if (values.Count > known)
            StateFile.Write(file, values);
    }
}
