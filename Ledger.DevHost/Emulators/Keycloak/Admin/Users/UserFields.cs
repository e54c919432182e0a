namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary>All that the user profile judges, as it will be; user name and e-mail in lower case.</summary>
internal sealed record UserFields(string Username, string? Email, string? FirstName, string? LastName)
{
    public required IReadOnlyDictionary<string, List<string>> Attributes { get; init; }

    public static UserFields Of(UserBody body)
        => new(Lower(body.Username) ?? "", Lower(body.Email), Given(body.FirstName), Given(body.LastName))
        {
            Attributes = body.Attributes ?? [],
        };

    /// <summary>
    /// A change of somebody who is there. Without <c>attributes</c>, what is not given stays; with them the body is the whole truth: an
    /// e-mail address or a name that is not in it is erased. The user name stays in any case.
    /// </summary>
    public static UserFields Of(UserBody body, RealmUser user)
    {
        var whole = body.Attributes is not null;
        return new(Lower(body.Username) ?? user.Username, Kept(body.Email, user.Email)?.ToLowerInvariant(),
            Kept(body.FirstName, user.FirstName), Kept(body.LastName, user.LastName))
        {
            Attributes = body.Attributes ?? user.Attributes,
        };

        string? Kept(string? given, string? was) => given is null && !whole ? was : Given(given);
    }

    public IReadOnlyList<string> Values(string attribute) => attribute switch
    {
        "username" => [Username],
        "email" => Email is null ? [] : [Email],
        "firstName" => FirstName is null ? [] : [FirstName],
        "lastName" => LastName is null ? [] : [LastName],
        _ => Attributes.TryGetValue(attribute, out var values) ? values : [],
    };

    private static string? Lower(string? text) => Given(text)?.ToLowerInvariant();

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
