using Microsoft.Extensions.Configuration;

namespace Ledger.Core.Identity;

/// <summary>An issuer whose tokens the API believes, and a client of it to ask as.</summary>
/// <param name="Name">Last part of the issuer's path: the realm.</param>
/// <param name="Issuer">Claim <c>iss</c>.</param>
/// <param name="Audience">What claim <c>aud</c> has to contain.</param>
/// <param name="Metadata">The discovery document.</param>
/// <param name="Keys">Where its keys are, when no discovery document is asked; null: where discovery says.</param>
/// <param name="Missing">The settings that a client to ask as lacks; null: none.</param>
/// <param name="ClientId">Null: not configured.</param>
/// <param name="Secret">Null: not configured.</param>
/// <param name="People">Who administers people in the realm; null: nobody does.</param>
public sealed record CheckedRealm(
    string Name, string Issuer, string Audience, Uri Metadata, Uri? Keys, string? Missing, string? ClientId, string? Secret,
    CheckedPeople? People)
{
    /// <summary>
    /// Those of <c>Identity:Issuers</c>. The client to ask issuer N as is <c>IdentityCheck:Clients:N:Id</c> and <c>:Secret</c>; for the
    /// realm that people are administered in it need not be set, that of <c>People</c> serves.
    /// </summary>
    /// <returns>The realms, and a line for each setting that is wrong.</returns>
    public static (IReadOnlyList<CheckedRealm> Realms, IReadOnlyList<string> Faults) ReadAll(IConfiguration configuration)
    {
        var (realms, faults) = (new List<CheckedRealm>(), new List<string>());
        foreach (var issuer in configuration.GetSection("Identity:Issuers").GetChildren())
        {
            if (Read(configuration, issuer) is { } realm) realms.Add(realm);
            else faults.Add($"{issuer.Path}: Issuer must be an absolute http(s) URL, and Audience is needed.");
        }
        return (realms, faults);
    }

    private static CheckedRealm? Read(IConfiguration configuration, IConfigurationSection issuer)
    {
        var name = issuer["Issuer"] ?? "";
        var metadata = issuer["MetadataAddress"] is { Length: > 0 } given ? given : name.TrimEnd('/') + "/.well-known/openid-configuration";
        if (!IsWeb(name) || !IsWeb(metadata) || issuer["Audience"] is not { Length: > 0 } audience) return null;
        var realm = name.TrimEnd('/').Split('/')[^1];
        var own = configuration.GetSection($"IdentityCheck:Clients:{issuer.Key}");
        var people = configuration.GetSection("People");
        var isOfPeople = realm == (people["Realm"] ?? "ledger");
        var asPeople = isOfPeople && own["Id"] is null;
        var id = own["Id"] ?? (isOfPeople ? people["ClientId"] ?? "ledger-workers" : null);
        var secret = own["Secret"] ?? (asPeople ? people["ClientSecret"] : null);
        var keys = issuer["JwksUri"] is { Length: > 0 } address && IsWeb(address) ? new Uri(address) : null;
        return new CheckedRealm(realm, name, audience, new Uri(metadata), keys, Lacking(id, secret, asPeople, own.Path), id, secret,
            isOfPeople ? PeopleOf(people, realm, asPeople) : null);
    }

    // Who sets neither address nor secret, and another client to ask as, administers nobody, and means it.
    private static CheckedPeople? PeopleOf(IConfigurationSection people, string realm, bool asPeople)
    {
        var (address, secret) = (people["KeycloakAddress"], people["ClientSecret"]);
        if (string.IsNullOrEmpty(address) && string.IsNullOrEmpty(secret) && !asPeople) return null;
        return new CheckedPeople(!string.IsNullOrEmpty(address) && IsWeb(address)
            ? new Uri($"{address.TrimEnd('/')}/admin/realms/{realm}/users?max=1") : null, people["ClientId"] ?? "ledger-workers", secret);
    }

    private static string? Lacking(string? id, string? secret, bool asPeople, string path) =>
        (string.IsNullOrEmpty(id), string.IsNullOrEmpty(secret)) switch
        {
            (false, false) => null,
            (false, true) when asPeople => $"People:ClientSecret, or {path}:Id and {path}:Secret of another client",
            (false, true) => $"{path}:Secret",
            (true, false) => $"{path}:Id",
            _ => $"{path}:Id and {path}:Secret",
        };

    private static bool IsWeb(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}

/// <summary>The client that administers people, section <c>People</c>.</summary>
/// <param name="Users">The admin REST's users of the realm; null: <c>People:KeycloakAddress</c> is not configured.</param>
/// <param name="Secret">Null: not configured.</param>
public sealed record CheckedPeople(Uri? Users, string ClientId, string? Secret);
