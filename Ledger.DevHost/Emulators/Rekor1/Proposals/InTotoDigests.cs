using System.Text.Json;

namespace Ledger.DevHost.Emulators.Rekor1.Proposals;

/// <summary>
/// The digests by which an in-toto statement is found: its subjects', and the materials' of SLSA provenance 0.1 and 0.2.
/// <code>{"subject":[{"digest":{"sha256":hex}}],"predicateType":…,"predicate":{"materials":[{"digest":{…}}]}}</code>
/// </summary>
internal static class InTotoDigests
{
    public const string PayloadType = "application/vnd.in-toto+json";

    public static IReadOnlyList<string> Of(byte[] payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            var statement = json.RootElement;
            var isEarlySlsa =
                Field.Text(statement, "predicateType")?.StartsWith("https://slsa.dev/provenance/v0.", StringComparison.Ordinal) == true;
            var materials = isEarlySlsa ? Field.Object(statement, "predicate") : null;
            return [.. Digests(statement, "subject"), .. Digests(materials, "materials")];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Digests(JsonElement? parent, string name)
    {
        return Field.Items(parent, name)
            .Select(item => Field.Object(item, "digest"))
            .OfType<JsonElement>()
            .SelectMany(digest => digest.EnumerateObject())
            .Where(d => d.Value.ValueKind == JsonValueKind.String)
            .Select(d => $"{d.Name}:{d.Value.GetString()}".ToLowerInvariant());
    }
}
