using System.Buffers;
using System.Globalization;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Core.People;

/// <summary>What people's names and addresses may hold. They go into mail headers, into Keycloak and onto pages: what would need escaping
/// in one of them is refused here, once, for all.</summary>
public static class PersonText
{
    /// <summary>Characters of an address (RFC 5321's path less its brackets).</summary>
    public const int EmailCharacters = 254;

    /// <summary>Characters before the @.</summary>
    private const int LocalCharacters = 64;

    /// <summary>Characters of a name.</summary>
    public const int NameCharacters = 100;

    /// <summary>Characters of an identity provider's ids.</summary>
    public const int LineCharacters = 200;

    // Of RFC 5322's atext what Keycloak takes in a user name, which the address is.
    private const string LocalSigns = "+-._";

    // What Keycloak's user profile refuses in a name.
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("<>&\"$%!#?§;*~/\\|^=[]{}()");

    public static readonly IReadOnlyList<string> Roles = ["CLIENT_ADMIN", "CLIENT_TECH", "AUDITOR"];

    /// <exception cref="LedgerProblemException">invalid-field, with the member.</exception>
    public static void Check(NewPerson person)
    {
        if (!IsEmail(person.Email)) throw Invalid("email", $"one address of at most {EmailCharacters} characters, such as ada@example.com");
        if (!IsName(person.FirstName)) throw Invalid("first_name", NameRule);
        if (!IsName(person.LastName)) throw Invalid("last_name", NameRule);
        CheckRole(person.Role);
        if (person.Link is { } link) Check(link, "identity_provider.");
    }

    /// <exception cref="LedgerProblemException">invalid-field.</exception>
    public static void CheckRole(string role)
    {
        if (!Roles.Contains(role)) throw Invalid("role", string.Join(", ", Roles));
    }

    /// <param name="within">What the members' names begin with.</param>
    /// <exception cref="LedgerProblemException">invalid-field.</exception>
    public static void Check(ProviderLink link, string within = "")
    {
        if (!IsAlias(link.Alias)) throw Invalid(within + "alias", "1 to 200 letters, digits, '-', '_' or '.'");
        if (!IsLine(link.UserId)) throw Invalid(within + "user_id", LineRule);
        if (!IsLine(link.UserName)) throw Invalid(within + "user_name", LineRule);
    }

    /// <param name="link">Null: none, which is allowed.</param>
    /// <exception cref="LedgerProblemException">identity-provider-not-allowed.</exception>
    internal static void CheckAllowed(ProviderLink? link, TenantLimits limits, string within = "")
    {
        if (link is not null && !limits.IdentityProviders.Contains(link.Alias, StringComparer.Ordinal))
            throw new LedgerProblemException(ProblemTypes.IdentityProviderNotAllowed,
                "The alias is not among the tenant's identity providers; an operator adds it.", within + "alias");
    }

    /// <summary>ASCII: one @, a local part of letters, digits and signs, a domain of dot-separated labels. Narrower than RFC 5322, which
    /// nobody's address needs; quoted local parts and address literals are not taken.</summary>
    public static bool IsEmail(string text)
    {
        if (text.Length > EmailCharacters || text.Split('@') is not [var local, var domain]) return false;
        return local.Length is > 0 and <= LocalCharacters && local.All(c => char.IsAsciiLetterOrDigit(c) || LocalSigns.Contains(c))
            && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal)
            && domain.Split('.').All(IsLabel);
    }

    /// <summary>1 to 100 characters, none of them a control, a format or a line separator, no half of a surrogate pair, and none that
    /// Keycloak's user profile refuses; no blank at either end. Nothing that mail programs make a link of: names stand in mails that
    /// strangers get from us.</summary>
    public static bool IsName(string text) => IsLine(text) && text.Length <= NameCharacters && !text.AsSpan().ContainsAny(NotInNames)
        && !text.Contains("://", StringComparison.Ordinal) && !text.Contains("www.", StringComparison.OrdinalIgnoreCase);

    /// <summary>1 to 200 characters on one line, without controls and blanks at the ends.</summary>
    public static bool IsLine(string text)
    {
        if (text.Length is 0 or > LineCharacters || text != text.Trim()) return false;
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(text, i) is UnicodeCategory.Control
                or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) return false;
        }
        return true;
    }

    /// <summary>Keycloak's name of an identity provider; it becomes part of a path.</summary>
    public static bool IsAlias(string text) => text.Length is > 0 and <= LineCharacters && text is not ("." or "..")
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsLabel(string label) => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private const string LineRule = "1 to 200 characters without controls and without blanks at the ends";

    private const string NameRule =
        """1 to 100 characters without controls, blanks at the ends, 'www.' and any of <>&"$%!#?§;*~/\|^=[]{}()""";

    private static LedgerProblemException Invalid(string member, string what) =>
        new(ProblemTypes.InvalidField, $"'{member}' must be {what}.", member);
}
