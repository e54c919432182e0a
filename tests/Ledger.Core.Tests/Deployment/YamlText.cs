using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ledger.Core.Tests.Deployment;

/// <summary>YAML as Kubernetes reads it: documents of JSON values. What YAML 1.1 and 1.2 take for different things is refused.</summary>
/// <remarks>Raw: <c>replicas: 3</c> is a number, <c>level: "on"</c> a string, <c>level: on</c> a fault.</remarks>
internal static partial class YamlText
{
    /// <exception cref="FormatException">Not YAML, a key twice, or a plain word that readers disagree about.</exception>
    public static IReadOnlyList<JsonNode> Read(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return [.. stream.Documents.Select(document => Json(document.RootNode)).OfType<JsonNode>()];
        }
        catch (YamlException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children
            .Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Json(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value ?? ""),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new FormatException($"{node.NodeType} at {node.Start}"),
    };

    private static JsonValue? Plain(string value) => value switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when Disputed().IsMatch(value) => throw new FormatException($"{value}: quote it, readers of YAML take it for different things."),
        _ when Number().IsMatch(value) => JsonNode.Parse(value)!.AsValue(),
        _ => JsonValue.Create(value),
    };

    [GeneratedRegex(@"\A([yn]|yes|no|on|off|[+-]?0[0-9]+|[+-]?[0-9]+(:[0-9]+)+)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Disputed();

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?\z")]
    private static partial Regex Number();
}
