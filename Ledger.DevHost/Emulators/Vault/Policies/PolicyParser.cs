using System.Text.Json;

namespace Ledger.DevHost.Emulators.Vault.Policies;

/// <summary>
/// Vault's policy language, as much of HCL as it needs, and its JSON form:
/// <code>path "transit/sign/ledger-ed25519" { capabilities = ["update"] }</code>
/// https://developer.hashicorp.com/vault/docs/concepts/policies
/// </summary>
internal sealed class PolicyParser
{
    private static readonly HashSet<string> Capabilities = ["create", "read", "update", "delete", "list", "sudo", "patch", "deny", "root",
        "subscribe", "recover"];

    private readonly string text;
    private int at;

    private PolicyParser(string text) => this.text = text;

    /// <exception cref="FormatException">With the text Vault answers after "failed to parse policy: ".</exception>
    public static IReadOnlyList<PolicyRule> Parse(string text)
    {
        var rules = text.TrimStart().StartsWith('{') ? FromJson(text) : new PolicyParser(text).Blocks();
        foreach (var rule in rules)
        {
            var unknown = rule.Capabilities.FirstOrDefault(c => !Capabilities.Contains(c));
            if (unknown is not null)
                throw new FormatException($"path \"{rule.Path}\": invalid capability \"{unknown}\"");
        }
        return rules;
    }

    private static List<PolicyRule> FromJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.GetProperty("path").EnumerateObject().Select(p => new PolicyRule(
                p.Name, [.. p.Value.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()!)]))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("failed to parse policy: " + e.Message, e);
        }
    }

    private List<PolicyRule> Blocks()
    {
        var rules = new List<PolicyRule>();
        while (Next() is { } word)
        {
            if (word == "name")
            {
                Expect("=");
                Quoted();
                continue;
            }
            if (word is not ("path" or "\"path\""))
                throw new FormatException($"failed to parse policy: invalid key {word}");
            var path = Quoted();
            Expect("{");
            rules.Add(new PolicyRule(path.TrimStart('/'), Block()));
        }
        return rules;
    }

    private List<string> Block()
    {
        var capabilities = new List<string>();
        for (var word = Need(); word != "}"; word = Need())
        {
            Expect("=");
            var values = Values();
            if (word == "capabilities")
                capabilities.AddRange(values);
            else if (word == "policy")
                capabilities.AddRange(Old(values[0]));
        }
        return capabilities;
    }

    // policy = "read" and so on, from before there were capabilities.
    private static string[] Old(string policy) => policy switch
    {
        "deny" => ["deny"],
        "read" => ["read", "list"],
        "write" => ["create", "read", "update", "delete", "list"],
        "sudo" => ["create", "read", "update", "delete", "list", "sudo"],
        _ => throw new FormatException($"invalid policy \"{policy}\""),
    };

    private List<string> Values()
    {
        var values = new List<string>();
        var first = Need();
        if (first != "[")
            return [first.Trim('"')];
        for (var word = Need(); word != "]"; word = Need())
        {
            if (word != ",")
                values.Add(word.Trim('"'));
        }
        return values;
    }

    private string Quoted()
        => Need() is ['"', .., '"'] quoted
            ? quoted[1..^1]
            : throw new FormatException($"failed to parse policy: a name is missing at {at}");

    private void Expect(string word)
    {
        if (Need() != word)
            throw new FormatException($"failed to parse policy: expected {word} at {at}");
    }

    private string Need() => Next() ?? throw new FormatException("failed to parse policy: unexpected end");

    private string? Next()
    {
        SkipBlanks();
        if (at == text.Length)
            return null;
        var start = at;
        if (text[at] == '"')
        {
            at = text.IndexOf('"', at + 1) + 1;
            return at > 0 ? text[start..at] : throw new FormatException("failed to parse policy: literal not terminated");
        }
        if ("{}[]=,".Contains(text[at], StringComparison.Ordinal))
            return text[at++].ToString();
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && !"{}[]=,\"".Contains(text[at], StringComparison.Ordinal))
            at++;
        return text[start..at];
    }

    private void SkipBlanks()
    {
        while (at < text.Length)
        {
            var rest = text.AsSpan(at);
            if (char.IsWhiteSpace(text[at]))
                at++;
            else if (text[at] == '#' || rest.StartsWith("//"))
                at += rest.IndexOf('\n') is >= 0 and var end ? end : rest.Length;
            else if (rest.StartsWith("/*"))
                at += rest.IndexOf("*/") is >= 0 and var close ? close + 2 : rest.Length;
            else
                return;
        }
    }
}
