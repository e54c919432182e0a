using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.People;

namespace Ledger.Core.Tests.People;

/// <summary>A user of <see cref="FakeKeycloak"/>.</summary>
internal sealed class FakeUser(string id, string username)
{
    public string Id => id;

    public string Username => username;

    public string? Email { get; set; }

    public bool EmailVerified { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public bool Enabled { get; set; }

    public Dictionary<string, string[]> Attributes { get; set; } = [];

    public SortedSet<string> Roles { get; } = ["default-roles-ledger"];

    public Dictionary<string, ProviderLink> Links { get; } = [];

    public string? Password { get; set; }

    public bool HasToChangePassword { get; set; }

    public int SignOuts { get; set; }

    /// <summary>As the recorded server takes a write: members that are missing stay, but e-mail and names go with the attributes.</summary>
    public void Write(JsonElement body)
    {
        var profile = body.TryGetProperty("attributes", out var attributes);
        if (profile) Attributes = attributes.EnumerateObject().ToDictionary(a => a.Name, a => a.Value.EnumerateArray().Select(v =>
            v.GetString()!).ToArray());
        Email = Text(body, "email") ?? (profile ? null : Email);
        FirstName = Text(body, "firstName") ?? (profile ? null : FirstName);
        LastName = Text(body, "lastName") ?? (profile ? null : LastName);
        if (body.TryGetProperty("enabled", out var enabled)) Enabled = enabled.GetBoolean();
        if (body.TryGetProperty("emailVerified", out var verified)) EmailVerified = verified.GetBoolean();
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = Id, ["username"] = Username, ["email"] = Email, ["emailVerified"] = EmailVerified, ["firstName"] = FirstName,
        ["lastName"] = LastName, ["enabled"] = Enabled,
        ["requiredActions"] = HasToChangePassword ? new JsonArray("UPDATE_PASSWORD") : new JsonArray(), ["notBefore"] = 0,
        ["attributes"] = JsonSerializer.SerializeToNode(Attributes),
    };

    /// <summary>What a test compares: everything but passwords and how often sessions were ended.</summary>
    public override string ToString() =>
        $"{Username} {Email} {FirstName} {LastName} enabled={Enabled} verified={EmailVerified} {string.Join(',', Roles)} "
        + string.Join(',', Attributes.OrderBy(a => a.Key).Select(a => $"{a.Key}={string.Join('+', a.Value)}"))
        + string.Concat(Links.Values.OrderBy(l => l.Alias).Select(l => $" {l.Alias}:{l.UserId}:{l.UserName}"));

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value.GetString() : null;
}
