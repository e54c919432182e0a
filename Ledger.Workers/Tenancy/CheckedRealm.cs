using Ledger.Core;
using Ledger.Workers.Operations;

namespace Ledger.Workers.Tenancy;

/// <summary>An issuer whose tokens the API believes, and a client of it to ask as.</summary>
/// <param name="Name">Last part of the issuer's path: the realm.</param>
/// <param name="Issuer">Claim <c>iss</c>.</param>
/// <param name="Audience">What claim <c>aud</c> has to contain.</param>
/// <param name="Metadata">The discovery document.</param>
/// <param name="Setting">Where the client is configured.</param>
/// <param name="ClientId">Null: not configured.</param>
/// <param name="Secret">Null: not configured.</param>
/// <param name="People">Who administers people in the realm; null: nobody does.</param>
internal sealed record CheckedRealm(
    string Name, string Issuer, string Audience, Uri Metadata, string Setting, string? ClientId, string? Secret, CheckedPeople? People)
{
    /// <summary>
    /// Those of <c>Identity:Issuers</c>. The client to ask issuer N as is <c>IdentityCheck:Clients:N:Id</c> and <c>:Secret</c>; for the
    /// realm that people are administered in it need not be set, that of <c>People</c> serves.
    /// </summary>
    /// <exception cref="ConfigurationException">No issuer, or one that is not complete.</exception>
    public static IReadOnlyList<CheckedRealm> ReadAll(IConfiguration configuration)
    {
        var faults = ConfigurationFaults.FindPlaceholders(configuration).ToList();
        var realms = new List<CheckedRealm>();
        foreach (var issuer in configuration.GetSection("Identity:Issuers").GetChildren())
        {
            if (Read(configuration, issuer) is { } realm) realms.Add(realm);
            else faults.Add($"{issuer.Path}: Issuer must be an absolute http(s) URL, and Audience is needed.");
        }
        if (realms.Count == 0 && faults.Count == 0) faults.Add("Identity:Issuers:0:Issuer is missing: there is no realm to check.");
        return faults.Count == 0 ? realms : throw new ConfigurationException(faults);
    }

    private static CheckedRealm? Read(IConfiguration configuration, IConfigurationSection issuer)
    {
        var name = issuer["Issuer"] ?? "";
        var metadata = issuer["MetadataAddress"] is { Length: > 0 } given ? given : name.TrimEnd('/') + "/.well-known/openid-configuration";
        if (!IsWeb(name) || !IsWeb(metadata) || issuer["Audience"] is not { Length: > 0 } audience) return null;
        var realm = name.TrimEnd('/').Split('/')[^1];
        var own = configuration.GetSection($"IdentityCheck:Clients:{issuer.Key}");
        var people = configuration.GetSection("People");
        var isOfPeople = people["KeycloakAddress"] is { Length: > 0 } && realm == (people["Realm"] ?? "ledger");
        var of = isOfPeople && IsWeb(people["KeycloakAddress"]!)
            ? new CheckedPeople(new Uri($"{people["KeycloakAddress"]!.TrimEnd('/')}/admin/realms/{realm}/users?max=1"),
                people["ClientId"] ?? "ledger-workers", people["ClientSecret"])
            : null;
        return new CheckedRealm(realm, name, audience, new Uri(metadata), own.Path,
            own["Id"] ?? (isOfPeople ? people["ClientId"] ?? "ledger-workers" : null),
            own["Secret"] ?? (isOfPeople && own["Id"] is null ? people["ClientSecret"] : null), of);
    }

    private static bool IsWeb(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}

/// <summary>The client that administers people, section <c>People</c>.</summary>
/// <param name="Users">The admin REST's users of the realm.</param>
/// <param name="Secret">Null: not configured.</param>
internal sealed record CheckedPeople(Uri Users, string ClientId, string? Secret);
