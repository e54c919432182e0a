using System.Text;
using System.Text.Json;
using Ledger.Core.Problems;
using Ledger.Verify.Json;

namespace Ledger.Core.Entries;

/// <summary>Reads the bodies of POST /append and POST /append/batch: known members only,
/// each at most once, each within its limits.</summary>
/// <remarks>Raw: <c>{"subject":"user-action","payload":"SGVsbG8gV29ybGQ=","meta":{"user_id":"12345"}}</c>;
/// a batch is <c>{"items":[…]}</c> of these.</remarks>
public static class AppendBody
{
    // No depth is too deep for this reader, which does not recurse: too deep is said of the metadata and not of the JSON.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    private const int ShownCharacters = 64;

    private static readonly JsonLimits MetaLimits = new(AppendLimits.MetaDepth, AppendLimits.MetaBytes);

    /// <exception cref="LedgerProblemException">Names the field at fault.</exception>
    public static AppendItem ReadOne(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            reader.Read();
            var item = ReadItem(ref reader, body, "");
            if (reader.Read()) throw Malformed(); // reaching here, or an exception: something follows the object
            return item;
        }
        catch (JsonException) { throw Malformed(); }
    }

    /// <summary>Reads a batch. A bad item is its own problem; a bad frame is the request's.</summary>
    /// <exception cref="LedgerProblemException">The frame is not <c>{"items":[…]}</c> with 1 to 1 000 items.</exception>
    public static IReadOnlyList<AppendBodyItem> ReadBatch(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw Malformed();
            List<AppendBodyItem>? items = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Name(ref reader, "");
                if (name != "items")
                    throw new LedgerProblemException(
                        ProblemTypes.UnknownField, $"'{Shown(name)}' is not a member of a batch.", Shown(name));
                if (items is not null) throw new LedgerProblemException(ProblemTypes.DuplicateField, "'items' is given twice.", "items");
                items = ReadItems(ref reader, body);
            }
            if (reader.Read()) throw Malformed();
            if (items is null) throw new LedgerProblemException(ProblemTypes.MissingField, "'items' is required.", "items");
            return items.Count > 0
                ? items
                : throw new LedgerProblemException(ProblemTypes.InvalidField, "'items' must hold at least one item.", "items");
        }
        catch (JsonException) { throw Malformed(); }
    }

    private static List<AppendBodyItem> ReadItems(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new LedgerProblemException(ProblemTypes.InvalidField, "'items' must be an array.", "items");
        var items = new List<AppendBodyItem>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (items.Count == AppendLimits.BatchItems)
                throw new LedgerProblemException(
                    ProblemTypes.TooManyItems, $"'items' may hold at most {AppendLimits.BatchItems} items.", "items");
            var after = reader;
            after.Skip(); // malformed JSON inside an item is malformed for the whole body
            items.Add(ReadStanding(reader, body, items.Count));
            reader = after;
        }
        return items;
    }

    private static AppendBodyItem ReadStanding(Utf8JsonReader reader, ReadOnlySpan<byte> body, int index)
    {
        try { return new AppendBodyItem(ReadItem(ref reader, body, $"items[{index}]."), null); }
        catch (LedgerProblemException e) { return new AppendBodyItem(null, e.Problem); }
    }

    private static AppendItem ReadItem(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, string at)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw at.Length == 0
                ? Malformed()
                : new LedgerProblemException(ProblemTypes.InvalidField, "An item must be an object.", at.TrimEnd('.'));
        string? subject = null;
        Ledger.Verify.Digest? payload = null;
        byte[]? meta = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader, at);
            var given = name switch
            {
                "subject" => subject is not null,
                "payload" => payload is not null,
                "meta" => meta is not null,
                _ => false,
            };
            if (given) throw new LedgerProblemException(ProblemTypes.DuplicateField, $"'{name}' is given twice.", at + name);
            reader.Read();
            switch (name)
            {
                case "subject": subject = Subject(ref reader, at + name); break;
                case "payload": payload = PayloadField.Hash(ref reader, at + name); break;
                case "meta": meta = Meta(ref reader, body, at + name); break;
                default:
                    throw new LedgerProblemException(ProblemTypes.UnknownField,
                        $"'{Shown(name)}' is not a member of an append.", at + Shown(name));
            }
        }
        if (subject is null) throw new LedgerProblemException(ProblemTypes.MissingField, "'subject' is required.", at + "subject");
        if (payload is null) throw new LedgerProblemException(ProblemTypes.MissingField, "'payload' is required.", at + "payload");
        return new AppendItem(subject, payload.Value, meta ?? "{}"u8.ToArray());
    }

    private static string Subject(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType == JsonTokenType.Null)
            throw new LedgerProblemException(ProblemTypes.MissingField, "'subject' is required.", field);
        if (reader.TokenType != JsonTokenType.String)
            throw new LedgerProblemException(ProblemTypes.InvalidField, "'subject' must be a string.", field);
        var text = Text(ref reader, field);
        var characters = text.EnumerateRunes().Count();
        if (characters is 0 or > AppendLimits.SubjectCharacters)
            throw new LedgerProblemException(
                ProblemTypes.InvalidField, $"'subject' must have 1 to {AppendLimits.SubjectCharacters} characters.", field);
        return text;
    }

    private static byte[] Meta(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, string field)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new LedgerProblemException(ProblemTypes.InvalidMeta, "'meta' must be an object.", field);
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (Jcs.TryCanonicalize(body[start..(int)reader.BytesConsumed], MetaLimits, out var canonical, out var failure)) return canonical;
        throw new LedgerProblemException(ProblemTypes.InvalidMeta,
            $"'meta' is refused ({failure}): at most {AppendLimits.MetaBytes} bytes and depth {AppendLimits.MetaDepth}, "
            + "no name twice, no number a double cannot hold, no U+0000.", field);
    }

    private static string Name(ref Utf8JsonReader reader, string at) => Text(ref reader, at.TrimEnd('.'));

    /// <param name="field">Where the string stands; '' for a member's name, which cannot be shown.</param>
    private static string Text(ref Utf8JsonReader reader, string field)
    {
        string? text = null;
        try { text = reader.GetString(); }
        catch (InvalidOperationException) { } // bytes that are not UTF-8, or half of a surrogate pair
        if (text is not null && !text.Contains('\0')) return text;
        var what = field.Length == 0 ? "A member's name" : $"'{field}'";
        throw new LedgerProblemException(
            ProblemTypes.InvalidText, $"{what} must be valid Unicode without U+0000.", field.Length == 0 ? null : field);
    }

    // A caller's own word goes back to the caller, but not without bound, and not cut through a surrogate pair.
    private static string Shown(string name)
    {
        if (name.Length <= ShownCharacters) return name;
        return string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[ShownCharacters - 1]) ? ShownCharacters - 1 : ShownCharacters), "…");
    }

    private static LedgerProblemException Malformed() => new(ProblemTypes.MalformedJson, "The body must be one JSON object in UTF-8.");
}
