using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger.Verify.Json;

namespace Ledger.Verify.Anchoring;

/// <summary>Names, numbers and times of a protobuf's JSON.</summary>
internal static partial class ProtoScalars
{
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?<fraction>\.\d{1,9})?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339 { get; }

    /// <summary><c>logIndex</c> is the field <c>log_index</c>, <c>_type</c> is <c>type</c>; DSSE names its field as JSON does.</summary>
    public static string FieldName(string jsonName)
    {
        if (jsonName == "payloadType") return jsonName;
        if (jsonName[0] == '_') return jsonName[1..];
        var name = new StringBuilder(jsonName.Length + 4);
        foreach (var c in jsonName)
        {
            if (char.IsAsciiLetterUpper(c)) name.Append('_');
            name.Append(char.ToLowerInvariant(c));
        }

        return name.ToString();
    }

    /// <summary>A number, or a string with the same in it: 2, 2.0, "2", "2e0".</summary>
    public static bool TryInt64(JsonElement value, out long number)
    {
        number = 0;
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetInt64(out number);
        if (value.ValueKind != JsonValueKind.String) return false;
        var text = value.GetString()!;
        // What is past 2^53 can only be written like this.
        var plain = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        if (plain && number.ToString(CultureInfo.InvariantCulture) == text) return true;
        return text.Length is > 0 and < 64 && (char.IsAsciiDigit(text[0]) || text[0] == '-') && char.IsAsciiDigit(text[^1])
            && Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(text), new JsonLimits(0, 64), out var canonical, out _)
            && long.TryParse(canonical, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>RFC 3339 with up to nine fractional digits; what is finer than 100 ns is cut.</summary>
    public static bool TryTime(string text, out DateTimeOffset time)
    {
        time = default;
        if (Rfc3339.Match(text) is not { Success: true } match) return false;
        var fraction = match.Groups["fraction"];
        var plain = fraction.Success ? text.Remove(fraction.Index, fraction.Length) : text;
        if (!DateTimeOffset.TryParseExact(
            plain, "yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)) return false;
        var ticks = fraction.Success ? fraction.Value[1..].PadRight(7, '0')[..7] : "0";
        time = parsed.ToUniversalTime().AddTicks(long.Parse(ticks, CultureInfo.InvariantCulture));
        return true;
    }
}
