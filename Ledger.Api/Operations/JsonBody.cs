using System.Text.Json;
using Ledger.Api.Entries;
using Ledger.Core.Problems;

namespace Ledger.Api.Operations;

/// <summary>A small request body: one JSON object of known members, each at most once. A wrong one is a problem that names the member.
/// </summary>
/// <remarks>Raw: <c>{"name":"ci","public_key":"-----BEGIN PUBLIC KEY-----\n…"}</c></remarks>
internal sealed class JsonBody
{
    private const int MostDepth = 64;
    private const int ShownCharacters = 64;

    private readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);

    // Before the names of members in problems: where this body is within another.
    private readonly string within;

    private JsonBody(JsonElement body, IReadOnlyCollection<string> known, string within = "")
    {
        this.within = within;
        if (body.ValueKind != JsonValueKind.Object) throw Malformed();
        foreach (var member in body.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                throw new LedgerProblemException(ProblemTypes.UnknownField, "The body has a member that this request does not know.",
                    member.Name.Length <= ShownCharacters ? within + member.Name : null);
            if (!members.TryAdd(member.Name, member.Value))
                throw new LedgerProblemException(ProblemTypes.DuplicateField, $"'{within}{member.Name}' is given twice.",
                    within + member.Name);
        }
    }

    /// <exception cref="LedgerProblemException">unsupported-media-type, payload-too-large, malformed-json, unknown-field,
    /// duplicate-field.</exception>
    public static async Task<JsonBody> ReadAsync(HttpRequest request, int limit, IReadOnlyCollection<string> known,
        CancellationToken cancel)
    {
        var bytes = await RequestBody.ReadAsync(request, limit, cancel);
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MostDepth });
            return new JsonBody(document.RootElement.Clone(), known);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Malformed(); // InvalidOperationException: a member's name that is not UTF-8
        }
    }

    /// <exception cref="LedgerProblemException">missing-field, invalid-field, invalid-text.</exception>
    public string Text(string name) => OptionalText(name)
        ?? throw new LedgerProblemException(ProblemTypes.MissingField, $"'{within}{name}' is required.", within + name);

    /// <summary>Null where it is missing or null.</summary>
    /// <exception cref="LedgerProblemException">invalid-field, invalid-text.</exception>
    public string? OptionalText(string name)
    {
        if (Of(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw Invalid(name, "a string");
        try
        {
            if (value.GetString() is { } text && !text.Contains('\0')) return text;
        }
        catch (InvalidOperationException) { } // bytes that are not UTF-8, or half of a surrogate pair
        throw new LedgerProblemException(ProblemTypes.InvalidText, $"'{within}{name}' must be valid Unicode without U+0000.",
            within + name);
    }

    /// <summary>False where it is missing or null.</summary>
    /// <exception cref="LedgerProblemException">invalid-field.</exception>
    public bool Flag(string name) => Of(name) is { } value
        && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Invalid(name, "true or false"));

    /// <summary>A whole number; null where it is missing or null.</summary>
    /// <exception cref="LedgerProblemException">invalid-field.</exception>
    public int? OptionalNumber(string name, int least, int most)
    {
        if (Of(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most ? number
            : throw Invalid(name, $"a whole number from {least} to {most}");
    }

    /// <summary>An object of known members; null where it is missing or null. Its problems name <c>name.member</c>.</summary>
    /// <exception cref="LedgerProblemException">invalid-field, unknown-field, duplicate-field.</exception>
    public JsonBody? OptionalBody(string name, IReadOnlyCollection<string> known)
    {
        if (Of(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object ? new JsonBody(value, known, within + name + ".") : throw Invalid(name, "an object");
    }

    /// <summary>Strings, in their order, each once; none where it is missing or null.</summary>
    /// <param name="what">What is asked for, for people.</param>
    /// <exception cref="LedgerProblemException">invalid-field.</exception>
    public IReadOnlyList<string> OptionalTexts(string name, int most, Func<string, bool> isOne, string what)
    {
        if (Of(name) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most) throw Invalid(name, what);
        var texts = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (TextOf(item) is not { } text || !isOne(text) || texts.Contains(text)) throw Invalid(name, what);
            texts.Add(text);
        }
        return texts;
    }

    /// <summary>Null where it is no string, or one that is not Unicode.</summary>
    private static string? TextOf(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.String) return null;
        try { return item.GetString(); }
        catch (InvalidOperationException) { return null; } // bytes that are not UTF-8, or half of a surrogate pair
    }

    /// <summary>Strings, in their order, each once; at least one.</summary>
    /// <exception cref="LedgerProblemException">missing-field, invalid-field.</exception>
    public IReadOnlyList<string> Words(string name, IReadOnlyList<string> known)
    {
        if (Of(name) is not { } value) throw new LedgerProblemException(ProblemTypes.MissingField, $"'{within}{name}' is required.",
            within + name);
        var what = $"a list of some of {string.Join(", ", known)}, each once";
        if (value.ValueKind != JsonValueKind.Array) throw Invalid(name, what);
        var words = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            var word = item.ValueKind == JsonValueKind.String ? known.FirstOrDefault(item.ValueEquals) : null;
            if (word is null || words.Contains(word)) throw Invalid(name, what);
            words.Add(word);
        }
        return words.Count > 0 ? words : throw Invalid(name, what);
    }

    /// <summary>RFC 3339 with Z or an offset; null where it is missing or null.</summary>
    /// <exception cref="LedgerProblemException">invalid-field, invalid-text.</exception>
    public DateTimeOffset? OptionalTime(string name) =>
        OptionalText(name) is not { } text ? null
        : QueryValue.TryTime(text, out var time) ? time : throw Invalid(name, "an RFC 3339 time such as 2026-01-27T09:08:07Z");

    /// <summary>An object's bytes, as they were sent; null where it is missing or null.</summary>
    /// <exception cref="LedgerProblemException">invalid-field.</exception>
    public byte[]? OptionalObject(string name)
    {
        if (Of(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object ? System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value).ToArray()
            : throw Invalid(name, "an object");
    }

    private JsonElement? Of(string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private LedgerProblemException Invalid(string name, string what) =>
        new(ProblemTypes.InvalidField, $"'{within}{name}' must be {what}.", within + name);

    private static LedgerProblemException Malformed() => new(ProblemTypes.MalformedJson, "The body must be one JSON object in UTF-8.");
}
