using System.Text.Json.Nodes;
using Ledger.Testing;
using NJsonSchema;

namespace Ledger.Core.Tests.Deployment;

/// <summary>What deploy/ may say, kind by kind: JSON Schema (draft 4) files of ours beside this one. They know the fields that deploy/
/// uses and refuse every other, so that a misspelt field, which Kubernetes may drop without a word, is a fault here.</summary>
internal static class Schemas
{
    private const string Shared = "definitions";

    private static readonly string Folder = RepositoryPath.Of("tests", "Ledger.Core.Tests", "Deployment", "Schemas");

    private static readonly Dictionary<string, JsonSchema> Whole = Kinds().ToDictionary(kind => kind, kind => Load(kind, isWhole: true));

    private static readonly Dictionary<string, JsonSchema> Parts = Kinds().ToDictionary(kind => kind, kind => Load(kind, isWhole: false));

    public static IEnumerable<string> Kinds() =>
        Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Where(name => name != Shared);

    /// <summary>One line a fault; of a patch nothing is required.</summary>
    public static IEnumerable<string> Faults(Manifest manifest, bool isPatch = false) =>
        !(isPatch ? Parts : Whole).TryGetValue(manifest.Kind, out var schema) ? [$"{manifest}: there is no schema of that kind"]
            : schema.Validate(manifest.Root.ToJsonString()).Select(error => $"{manifest}: {error.Path} {error.Kind}");

    private static JsonSchema Load(string kind, bool isWhole)
    {
        var schema = Read(kind);
        schema["definitions"] = Read(Shared);
        if (!isWhole)
        {
            foreach (var (_, value) in Manifest.Objects(schema).Where(found => found.Value["required"] is JsonArray).ToList())
                value.Remove("required");
        }
        return JsonSchema.FromJsonAsync(schema.ToJsonString()).GetAwaiter().GetResult();
    }

    private static JsonObject Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")))!.AsObject();
}
