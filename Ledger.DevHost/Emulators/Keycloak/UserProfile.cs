using System.Text.Json.Nodes;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>The attributes users of a realm may have: the declarative user profile.</summary>
/// <param name="Attributes">Declared attributes by name, in their order.</param>
/// <param name="UnmanagedAttributePolicy">Null: what is not declared is dropped; <c>ENABLED</c>, <c>ADMIN_EDIT</c>,
/// <c>ADMIN_VIEW</c>.</param>
/// <param name="Representation">The whole configuration.</param>
internal sealed record UserProfile(
    OrderedDictionary<string, ProfileAttribute> Attributes, string? UnmanagedAttributePolicy, JsonObject Representation)
{
    private const string DefaultText = """
        {"attributes":[
        {"name":"username","displayName":"${username}","validations":{"length":{"min":3,"max":255},
        "username-prohibited-characters":{},"up-username-not-idn-homograph":{}},
        "permissions":{"view":["admin","user"],"edit":["admin","user"]},"multivalued":false},
        {"name":"email","displayName":"${email}","validations":{"email":{},"length":{"max":255}},"required":{"roles":["user"]},
        "permissions":{"view":["admin","user"],"edit":["admin","user"]},"multivalued":false},
        {"name":"firstName","displayName":"${firstName}","validations":{"length":{"max":255},"person-name-prohibited-characters":{}},
        "required":{"roles":["user"]},"permissions":{"view":["admin","user"],"edit":["admin","user"]},"multivalued":false},
        {"name":"lastName","displayName":"${lastName}","validations":{"length":{"max":255},"person-name-prohibited-characters":{}},
        "required":{"roles":["user"]},"permissions":{"view":["admin","user"],"edit":["admin","user"]},"multivalued":false}],
        "groups":[{"name":"user-metadata","displayHeader":"User metadata",
        "displayDescription":"Attributes, which refer to user metadata"}]}
        """;

    /// <summary>User name, e-mail and the two names.</summary>
    public static UserProfile Default { get; } = Parse(DefaultText);

    /// <summary>Reads a configuration such as <c>{"attributes":[{"name":"tenant","validations":{…},"multivalued":false}]}</c>.</summary>
    public static UserProfile Parse(string json)
    {
        var representation = JsonNode.Parse(json)!.AsObject();
        var attributes = new OrderedDictionary<string, ProfileAttribute>(StringComparer.Ordinal);
        foreach (var node in representation["attributes"]?.AsArray() ?? [])
        {
            var name = (string)node!["name"]!;
            attributes[name] = new ProfileAttribute(name, node["validations"] as JsonObject ?? [],
                node["required"] is not null, (bool?)node["multivalued"] ?? false, node.AsObject());
        }
        return new UserProfile(attributes, (string?)representation["unmanagedAttributePolicy"], representation);
    }
}

/// <summary>A declared attribute.</summary>
/// <param name="Name">E.g. <c>tenant</c>.</param>
/// <param name="Validations">Validator to its configuration, e.g. <c>{"length":{"max":64}}</c>.</param>
/// <param name="Required">Whether users must have it.</param>
/// <param name="Multivalued">Whether it may have several values.</param>
/// <param name="Representation">As declared, permissions and all.</param>
internal sealed record ProfileAttribute(string Name, JsonObject Validations, bool Required, bool Multivalued, JsonObject Representation);
