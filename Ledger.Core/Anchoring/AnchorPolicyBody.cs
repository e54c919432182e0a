using System.Text.Json;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Anchoring;

/// <summary>Reads the body of PUT /api/v1/policy: known members only, each at most once, each within <see cref="PolicyLimits"/>. What is
/// absent has its default; only <c>anchor</c> is required. <c>effective_seconds</c> and <c>notice</c>, which are GET's to say, are passed
/// over whatever they are.</summary>
/// <remarks>Raw: <c>{"anchor":"entry","entries":1000,"seconds":60,"fail":"closed","max_age_seconds":300}</c></remarks>
public static class AnchorPolicyBody
{
    /// <exception cref="LedgerProblemException">Names the field at fault.</exception>
    public static AnchorPolicy Read(ReadOnlySpan<byte> body)
    {
        AnchorMode? anchor = null;
        var policy = AnchorPolicy.Default;
        var given = new HashSet<string>();
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw Malformed();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (!given.Add(name)) throw new LedgerProblemException(ProblemTypes.DuplicateField, $"'{name}' is given twice.", name);
                reader.Read();
                switch (name)
                {
                    case "anchor": anchor = Word(ref reader, name, AnchorPolicyNames.AnchorOf, "checkpoint, entry or off"); break;
                    case "entries": policy = policy with { Entries = Number(ref reader, name, PolicyLimits.Entries) }; break;
                    case "seconds": policy = policy with { Seconds = Number(ref reader, name, PolicyLimits.Seconds) }; break;
                    case "fail":
                        policy = policy with { Fail = Word(ref reader, name, AnchorPolicyNames.FailOf, "open or closed") };
                        break;
                    case "max_age_seconds" when reader.TokenType == JsonTokenType.Null: break;
                    case "max_age_seconds":
                        policy = policy with { MaxAgeSeconds = Number(ref reader, name, PolicyLimits.MaxAgeSeconds) };
                        break;
                    case "effective_seconds" or "notice": reader.Skip(); break; // GET says them: what was read may be sent back
                    default:
                        throw new LedgerProblemException(ProblemTypes.UnknownField, "A policy has no such member.",
                            name.Length <= 64 ? name : null);
                }
            }
            if (reader.Read()) throw Malformed();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a string that is no Unicode
        {
            throw Malformed();
        }
        return policy with
        {
            Anchor = anchor ?? throw new LedgerProblemException(ProblemTypes.MissingField, "'anchor' is required.", "anchor"),
        };
    }

    private static T Word<T>(ref Utf8JsonReader reader, string name, Func<string, T?> of, string words) where T : struct =>
        (reader.TokenType == JsonTokenType.String ? of(reader.GetString()!) : null)
            ?? throw new LedgerProblemException(ProblemTypes.InvalidField, $"'{name}' must be {words}.", name);

    private static int Number(ref Utf8JsonReader reader, string name, int most) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && number >= 1 && number <= most
            ? number
            : throw new LedgerProblemException(ProblemTypes.InvalidField, $"'{name}' must be a whole number from 1 to {most}.", name);

    private static LedgerProblemException Malformed() => new(ProblemTypes.MalformedJson, "The body must be one JSON object in UTF-8.");
}
