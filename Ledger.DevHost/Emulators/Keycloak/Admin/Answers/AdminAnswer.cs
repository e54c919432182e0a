using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

/// <summary>
/// What the admin REST says. Its errors have three shapes: <c>{"error":…}</c>, <c>{"errorMessage":…}</c> and
/// <c>{"error":…,"error_description":…}</c>; which one comes depends on what was wrong, not on the endpoint.
/// </summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Null: none.</param>
internal sealed record AdminAnswer(int Status, Action<Utf8JsonWriter>? Body = null)
{
    /// <summary>204.</summary>
    public static AdminAnswer Done { get; } = new(204);

    /// <summary>204 of the resources that forbid caching.</summary>
    public static AdminAnswer DoneUncached { get; } = new(204) { NoCache = true };

    public static AdminAnswer NotFound { get; } = Error(404, "HTTP 404 Not Found");

    public static AdminAnswer NotAllowed { get; } = Error(405, "HTTP 405 Method Not Allowed");

    public static AdminAnswer Forbidden { get; } = Error(403, "HTTP 403 Forbidden");

    /// <summary>What the real one says where it did not foresee the request (a missing body, an unknown group).</summary>
    public static AdminAnswer Unforeseen { get; } = Error(500, "unknown_error", "For more on this error consult the server log.");

    /// <summary>Header Location.</summary>
    public string? Location { get; init; }

    /// <summary>Cache-Control: no-cache.</summary>
    public bool NoCache { get; init; }

    public string ContentType { get; init; } = "application/json";

    public static AdminAnswer Ok(Action<Utf8JsonWriter> body)
        => new(200, body) { NoCache = true, ContentType = "application/json;charset=UTF-8" };

    /// <summary>200 with an array.</summary>
    public static AdminAnswer List<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => Ok(json =>
    {
        json.WriteStartArray();
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
    });

    public static AdminAnswer Created(string location) => new(201) { Location = location };

    public static AdminAnswer Error(int status, string error, string? description = null) => new(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("error", error);
        if (description is not null)
            json.WriteString("error_description", description);
        json.WriteEndObject();
    });

    public static AdminAnswer Message(int status, string message) => new(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("errorMessage", message);
        json.WriteEndObject();
    });
}
