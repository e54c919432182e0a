using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Core.People;

/// <summary>The column <c>people.links</c>.</summary>
/// <remarks>Raw: <c>{"demo-sso":{"user_id":"ext-1","user_name":"tess"},"old-sso":null}</c></remarks>
internal static class LinksJson
{
    public static IReadOnlyDictionary<string, ProviderLink?> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(link => link.Name,
            link => link.Value.ValueKind == JsonValueKind.Null ? null : new ProviderLink(link.Name,
                link.Value.GetProperty("user_id").GetString()!, link.Value.GetProperty("user_name").GetString()!));
    }

    /// <summary>One member, to be merged into the column.</summary>
    /// <param name="link">Null: none is wanted of this alias.</param>
    public static string Write(string alias, ProviderLink? link) => new JsonObject
    {
        [alias] = link is null ? null : new JsonObject { ["user_id"] = link.UserId, ["user_name"] = link.UserName },
    }.ToJsonString();
}
