using System.Globalization;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>What a password must be; the rules of a text such as <c>length(12) and notUsername(undefined) and digits(1)</c>.</summary>
internal sealed class PasswordPolicy
{
    private readonly List<(string Rule, string Value)> rules = [];

    private PasswordPolicy(string text) => Text = text;

    public static PasswordPolicy None { get; } = new("");

    /// <summary>As it was given.</summary>
    public string Text { get; }

    /// <summary>Rules that are unknown are kept but never refuse.</summary>
    public static PasswordPolicy Parse(string text)
    {
        var policy = new PasswordPolicy(text);
        foreach (var part in text.Split(" and ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var open = part.IndexOf('(', StringComparison.Ordinal);
            policy.rules.Add(open < 0 ? (part, "") : (part[..open], part[(open + 1)..].TrimEnd(')')));
        }
        return policy;
    }

    /// <summary>The first rule that the password breaks; null: none.</summary>
    public PasswordFault? Check(string password, RealmUser user)
        => rules.Select(r => Check(r.Rule, r.Value, password, user)).FirstOrDefault(f => f is not null);

    private static PasswordFault? Check(string rule, string value, string password, RealmUser user) => rule switch
    {
        "length" when password.Length < Number(value, 8)
            => new("invalidPasswordMinLengthMessage", Number(value, 8), $"Invalid password: minimum length {Number(value, 8)}."),
        "maxLength" when password.Length > Number(value, 64)
            => new("invalidPasswordMaxLengthMessage", Number(value, 64), $"Invalid password: maximum length {Number(value, 64)}."),
        "digits" when password.Count(char.IsDigit) < Number(value, 1) => new("invalidPasswordMinDigitsMessage", Number(value, 1),
            $"Invalid password: must contain at least {Number(value, 1)} numerical digits."),
        "lowerCase" when password.Count(char.IsLower) < Number(value, 1) => new("invalidPasswordMinLowerCaseCharsMessage",
            Number(value, 1), $"Invalid password: must contain at least {Number(value, 1)} lower case characters."),
        "upperCase" when password.Count(char.IsUpper) < Number(value, 1) => new("invalidPasswordMinUpperCaseCharsMessage",
            Number(value, 1), $"Invalid password: must contain at least {Number(value, 1)} upper case characters."),
        "specialChars" when password.Count(c => !char.IsLetterOrDigit(c)) < Number(value, 1) => new(
            "invalidPasswordMinSpecialCharsMessage", Number(value, 1),
            $"Invalid password: must contain at least {Number(value, 1)} special characters."),
        "notUsername" when string.Equals(password, user.Username, StringComparison.OrdinalIgnoreCase)
            => new("invalidPasswordNotUsernameMessage", null, "Invalid password: must not be equal to the username."),
        "notEmail" when user.Email is not null && string.Equals(password, user.Email, StringComparison.OrdinalIgnoreCase)
            => new("invalidPasswordNotEmailMessage", null, "Invalid password: must not be equal to the email."),
        _ => null,
    };

    private static int Number(string value, int fallback)
        => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;
}

/// <summary>A rule that a password breaks.</summary>
/// <param name="Key">Keycloak's message key.</param>
/// <param name="Parameter">The number the rule asks for, if it has one.</param>
/// <param name="Text">The message in English.</param>
internal sealed record PasswordFault(string Key, int? Parameter, string Text);
