using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>A refusal in OAuth's form: <c>{"error":"invalid_grant","error_description":"…"}</c>.</summary>
#pragma warning disable CA1032 // Thrown and caught in this folder alone; it means nothing without a status.
internal sealed class OAuthRefusal(int status, string error, string? description = null) : Exception(description ?? error)
#pragma warning restore CA1032
{
    public int Status { get; } = status;

    public string Error { get; } = error;

    public string? Description { get; } = description;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("error", Error);
        if (Description is not null)
            json.WriteString("error_description", Description);
        json.WriteEndObject();
    }

    /// <summary>400 <c>invalid_grant</c>.</summary>
    public static OAuthRefusal Grant(string description) => new(400, "invalid_grant", description);

    /// <summary>400 <c>invalid_request</c>.</summary>
    public static OAuthRefusal Request(string description) => new(400, "invalid_request", description);
}
