using System.Text.Json;

namespace Ledger.DevHost.Emulators.Vault.Answers;

/// <summary>
/// One answer before it is bytes. Most are an envelope:
/// <code>{"request_id":…,"lease_id":"","renewable":false,"lease_duration":0,"data":{…},
///  "wrap_info":null,"warnings":null,"auth":null,"mount_type":"transit"}</code>
/// </summary>
internal sealed record Answer(int Status)
{
    /// <summary>Texts of <c>{"errors":[…]}</c>; null: not an error.</summary>
    public IReadOnlyList<string>? Errors { get; init; }

    /// <summary>Writes the value of <c>data</c>.</summary>
    public Action<Utf8JsonWriter>? Data { get; init; }

    /// <summary>Writes the value of <c>auth</c>.</summary>
    public Action<Utf8JsonWriter>? Auth { get; init; }

    /// <summary>Writes members beside the envelope's own: <c>sys/</c> says its data twice.</summary>
    public Action<Utf8JsonWriter>? Beside { get; init; }

    /// <summary>Writes the whole body instead of an envelope: health, seal-status.</summary>
    public Action<Utf8JsonWriter>? Whole { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public string MountType { get; init; } = "";

    /// <summary>Signatures it holds: what the call costs where a real Vault's pace is asked for.</summary>
    public int Signatures { get; init; }

    public bool IsSuccess => Status < 400;

    public static Answer NoContent { get; } = new(204);

    public static Answer Error(int status, params string[] texts) => new(status) { Errors = texts };

    public static Answer BadRequest(string text) => Error(400, text);

    /// <summary>An error that Vault's request handling wraps once more: <c>1 error occurred:\n\t* …\n\n</c>.</summary>
    public static Answer Wrapped(int status, string text) => Error(status, $"1 error occurred:\n\t* {text}\n\n");

    public static Answer UnsupportedPath { get; } = Wrapped(404, "unsupported path");

    public static Answer UnsupportedOperation { get; } = Wrapped(405, "unsupported operation");

    public static Answer NotFound { get; } = Error(404);

    public static Answer NoToken { get; } = Error(403, "permission denied");

    public static Answer BadToken { get; } = Error(403, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n");

    public static Answer Denied { get; } = Wrapped(403, "permission denied");

    public static Answer Sealed { get; } = Error(503, "Vault is sealed");

    public static Answer Of(string mountType, Action<Utf8JsonWriter> data) => new(200) { Data = data, MountType = mountType };

    /// <summary>As <c>sys/</c> answers: the same members beside the envelope's own and inside <c>data</c>.</summary>
    public static Answer Twice(Action<Utf8JsonWriter> members) => new(200)
    {
        MountType = "system",
        Beside = members,
        Data = json =>
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        },
    };

    public static Answer Json(int status, Action<Utf8JsonWriter> whole) => new(status) { Whole = whole };
}
