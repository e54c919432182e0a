using System.Text.Json.Nodes;

namespace Ledger.Core.Tests.Deployment;

/// <summary>The environment that a container starts with; what comes from a secret is <c>(secret)</c>.</summary>
internal static class Settings
{
    public const string Secret = "(secret)";

    public static IReadOnlyDictionary<string, string> Of(JsonObject container, IEnumerable<Manifest> applied)
    {
        var settings = new Dictionary<string, string>();
        foreach (var map in container["envFrom"]?.AsArray().Select(from => from!["configMapRef"]!["name"]!.GetValue<string>()) ?? [])
        {
            foreach (var (name, value) in applied.Single(m => m.Kind == "ConfigMap" && m.Name == map).Root["data"]!.AsObject())
                settings[name] = value!.GetValue<string>();
        }
        foreach (var variable in container["env"]!.AsArray().Select(one => one!.AsObject()))
            settings[variable["name"]!.GetValue<string>()] = variable["value"]?.GetValue<string>() ?? Secret;
        return settings;
    }
}
