using System.Collections.Concurrent;

namespace Ledger.DevHost.Emulators.Vault.Policies;

/// <summary>ACL policies by name, kept over a restart. <c>root</c> has no text; <c>default</c> lets a token see to itself.</summary>
internal sealed class PolicyStore
{
    public const string DefaultText = """
        path "auth/token/lookup-self" { capabilities = ["read"] }
        path "auth/token/renew-self" { capabilities = ["update"] }
        path "auth/token/revoke-self" { capabilities = ["update"] }
        path "sys/capabilities-self" { capabilities = ["update"] }
        """;

    private readonly string file;
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, (string Text, IReadOnlyList<PolicyRule> Rules)> policies = new(StringComparer.Ordinal);

    public PolicyStore(string stateDirectory)
    {
        file = Path.Combine(stateDirectory, "policies.json");
        foreach (var (name, text) in StateFile.Read<Dictionary<string, string>>(file) ?? new() { ["default"] = DefaultText })
            policies[name] = (text, PolicyParser.Parse(text));
    }

    public IEnumerable<string> Names => policies.Keys.Append("root").Order(StringComparer.Ordinal);

    public string? Text(string name) => policies.TryGetValue(name, out var policy) ? policy.Text : null;

    public bool Exists(string name) => policies.ContainsKey(name);

    /// <exception cref="FormatException">See <see cref="PolicyParser.Parse"/>.</exception>
    public void Put(string name, string text)
    {
        policies[name] = (text, PolicyParser.Parse(text));
        Save();
    }

    public void Remove(string name)
    {
        if (policies.TryRemove(name, out _))
            Save();
    }

    /// <summary>What these policies together allow on a path, sorted; <c>deny</c> wins, and nothing is <c>deny</c> too.</summary>
    public IReadOnlyList<string> CapabilitiesOn(IEnumerable<string> names, string path)
    {
        var matching = names.SelectMany(n => policies.TryGetValue(n, out var p) ? p.Rules : []).Where(r => r.Matches(path)).ToArray();
        if (matching.Length == 0)
            return ["deny"];
        var best = matching.MaxBy(r => r.Priority)!.Path;
        var allowed = matching.Where(r => r.Path == best).SelectMany(r => r.Capabilities).Distinct().Order(StringComparer.Ordinal)
            .ToArray();
        return allowed.Length == 0 || allowed.Contains("deny") ? ["deny"] : allowed;
    }

    private void Save()
    {
        lock (gate)
            StateFile.Write(file, policies.ToDictionary(p => p.Key, p => p.Value.Text));
    }
}
