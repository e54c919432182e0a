using System.Text.RegularExpressions;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary>
/// The filters of <c>GET users</c> and <c>GET users/count</c>: <c>search</c> alone, or any of the others together. Without a filter,
/// and with <c>search</c>, service accounts are left out; with one they are found.
/// </summary>
internal static partial class UserQuery
{
    private const int DefaultMax = 100;

    /// <summary>One page, ordered by user name.</summary>
    public static IEnumerable<RealmUser> Page(AdminRequest request)
    {
        var (first, max) = (request.Number("first") ?? 0, request.Number("max") ?? DefaultMax);
        var found = All(request, paged: request.Parameter("first") is not null);
        return found.Skip(Math.Max(first, 0)).Take(max < 0 ? int.MaxValue : max);
    }

    /// <param name="request">With the parameters.</param>
    /// <param name="paged">A page that is asked for by its first number counts as a filter.</param>
    public static IEnumerable<RealmUser> All(AdminRequest request, bool paged = false)
    {
        var users = request.Realm.Users.Values.OrderBy(u => u.Username, StringComparer.Ordinal);
        if (request.Parameter("search") is { } search)
            return Searched(users, search.Trim()).Where(u => FlagsFit(request, u));
        var attributes = Attributes(request.Parameter("q"));
        string[] filters = ["username", "email", "firstName", "lastName", "enabled", "emailVerified", "idpAlias", "idpUserId", "exact"];
        return attributes.Count == 0 && !paged && Array.TrueForAll(filters, f => request.Parameter(f) is null)
            ? users.Where(u => u.ServiceAccountOf is null)
            : users.Where(u => FieldsFit(request, u) && FlagsFit(request, u) && LinkFits(request, u)
                && attributes.TrueForAll(a => u.Attributes.TryGetValue(a.Name, out var values) && values.Contains(a.Value)));
    }

    /// <summary><c>q</c>: <c>tenant:demo "site":"north wing"</c>; what has no colon is ignored.</summary>
    private static List<(string Name, string Value)> Attributes(string? q)
        => [.. Pair().Matches(q ?? "").Select(m => (m.Groups["name"].Value.Trim('"'), m.Groups["value"].Value.Trim('"')))];

    // id:… or words, each the beginning of one of four fields; * stands for anything, a word in quotes is the whole of it.
    private static IEnumerable<RealmUser> Searched(IEnumerable<RealmUser> users, string search)
    {
        if (search.StartsWith("id:", StringComparison.Ordinal))
            return users.Where(u => search["id:".Length..].Trim() == u.Id);
        var words = Word().Matches(search).Select(m => Pattern(m.Value)).ToArray();
        return users.Where(u => u.ServiceAccountOf is null
            && Array.TrueForAll(words, w => Texts(u).Any(t => t is not null && w.IsMatch(t))));
    }

    private static Regex Pattern(string word)
    {
        var pattern = word is ['"', .. var exact, '"'] ? Regex.Escape(exact)
            : Regex.Escape(word).Replace("\\*", ".*", StringComparison.Ordinal) + ".*";
        return new Regex($"^(?:{pattern})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    private static bool FieldsFit(AdminRequest request, RealmUser user)
    {
        var exact = request.Switch("exact") == true;
        bool Fits(string name, string? value) => request.Parameter(name) is not { } asked
            || (value is not null && (exact
                ? string.Equals(value, asked, StringComparison.OrdinalIgnoreCase)
                : value.Contains(asked, StringComparison.OrdinalIgnoreCase)));
        return Fits("username", user.Username) && Fits("email", user.Email) && Fits("firstName", user.FirstName)
            && Fits("lastName", user.LastName);
    }

    private static bool FlagsFit(AdminRequest request, RealmUser user)
        => (request.Switch("enabled") ?? user.Enabled) == user.Enabled
            && (request.Switch("emailVerified") ?? user.EmailVerified) == user.EmailVerified;

    private static bool LinkFits(AdminRequest request, RealmUser user)
    {
        var (alias, id) = (request.Parameter("idpAlias"), request.Parameter("idpUserId"));
        return (alias is null && id is null)
            || user.FederatedIdentities.Exists(i => i.IdentityProvider == (alias ?? i.IdentityProvider) && i.UserId == (id ?? i.UserId));
    }

    private static string?[] Texts(RealmUser user) => [user.Username, user.Email, user.FirstName, user.LastName];

    [GeneratedRegex("""(?<name>"[^"]+"|[^\s":]+):(?<value>"[^"]*"|[^\s"]+)""")]
    private static partial Regex Pair();

    [GeneratedRegex("""
        "[^"]+"|\S+
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Word();
}
