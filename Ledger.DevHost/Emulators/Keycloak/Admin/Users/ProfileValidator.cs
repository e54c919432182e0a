using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary>The validators that a user profile may declare, as far as realm files of a ledger use them; others let everything
/// pass.</summary>
internal static partial class ProfileValidator
{
    private const int LocalPart = 64;
    private const int Address = 254;

    public static IEnumerable<ProfileFault> Faults(ProfileAttribute attribute, string value)
        => attribute.Validations.Select(v => Fault(attribute.Name, v.Key, v.Value as JsonObject ?? [], value)).OfType<ProfileFault>();

    private static ProfileFault? Fault(string name, string validator, JsonObject config, string value) => validator switch
    {
        "length" => Length(name, config, value.Trim().Length),
        "pattern" => Pattern(name, config, value),
        "email" when !IsEmail(value) => new ProfileFault(name, "error-invalid-email", [value]),
        "username-prohibited-characters" when !UserName().IsMatch(value)
            => new ProfileFault(name, Message(config) ?? "error-username-invalid-character", []),
        "person-name-prohibited-characters" when !PersonName().IsMatch(value)
            => new ProfileFault(name, Message(config) ?? "error-person-name-invalid-character", []),
        "up-username-not-idn-homograph" when !Latin().IsMatch(value)
            => new ProfileFault(name, Message(config) ?? "error-username-invalid-character", []),
        "options" when config["options"] is JsonArray options && !options.Any(o => (string?)o == value)
            => new ProfileFault(name, "error-invalid-value", [value]),
        "integer" when !long.TryParse(value, out _) => new ProfileFault(name, "error-invalid-number", [value]),
        _ => null,
    };

    // A validator with both bounds always names both.
    private static ProfileFault? Length(string name, JsonObject config, int length)
    {
        var (min, max) = (Number(config["min"]), Number(config["max"]));
        if (length >= (min ?? 0) && length <= (max ?? int.MaxValue))
            return null;
        var message = min is null ? "error-invalid-length-too-long"
            : max is null ? "error-invalid-length-too-short" : "error-invalid-length";
        return new ProfileFault(name, message, [min, max]);
    }

    private static ProfileFault? Pattern(string name, JsonObject config, string value)
    {
        var pattern = (string?)config["pattern"] ?? "";
        return Regex.IsMatch(value, $"^(?:{pattern})\\z", RegexOptions.CultureInvariant)
            ? null
            : new ProfileFault(name, Message(config) ?? "error-pattern-no-match", [pattern]);
    }

    private static bool IsEmail(string value)
        => value.Length <= Address && value.LastIndexOf('@') is > 0 and <= LocalPart && EmailAddress().IsMatch(value);

    private static string? Message(JsonObject config) => (string?)config["error-message"];

    private static int? Number(JsonNode? node)
        => node is null ? null : int.Parse(node.ToString(), System.Globalization.CultureInfo.InvariantCulture);

    // A domain may be one word: ledger@localhost is one.
    [GeneratedRegex("""
        ^[A-Za-z0-9!\#$%&'*+/=?^_`{|}~-]+ (?:\.[A-Za-z0-9!\#$%&'*+/=?^_`{|}~-]+)*
        @ [A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])? (?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex EmailAddress();

    [GeneratedRegex("""^[^<>&"'\s$%!#?§,;:*~/\\|^=\[\]{}()`\p{Cc}]+\z""")]
    private static partial Regex UserName();

    [GeneratedRegex("""^[^<>&"$%!#?§;*~/\\|^=\[\]{}()\v\p{Cc}]+\z""")]
    private static partial Regex PersonName();

    // Letters that only look Latin are the trick this is against.
    [GeneratedRegex("""^(?:[\p{IsBasicLatin}\p{IsLatin-1Supplement}\p{IsLatinExtended-A}\p{IsLatinExtended-B}]|\P{L})+\z""")]
    private static partial Regex Latin();
}
