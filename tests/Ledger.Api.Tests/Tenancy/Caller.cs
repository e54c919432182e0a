using Ledger.Api.Tests.ApiKeys;
using Ledger.Api.Tests.Fixture;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>A kind of caller, named by what its token or key carries.</summary>
internal sealed record Caller(string Name)
{
    private const string Key = "key ", Service = "service ";

    /// <summary>Without a token, and with one that nobody made.</summary>
    public static readonly IReadOnlyList<Caller> Unknown = [new("nobody"), new("rubbish")];

    public static readonly IReadOnlyList<Caller> All =
    [
        new("CLIENT_ADMIN"), new("CLIENT_TECH"), new("AUDITOR"), new("PLATFORM_ADMIN"), new("BILLING_OPERATOR"),
        new("no role"), new("client_admin"), new("Entries:Write"),
        .. TestKeys.AllScopes.Select(scope => new Caller(Key + scope)),
        .. TestKeys.AllScopes.Select(scope => new Caller(Service + scope)),
        .. Unknown,
    ];

    public bool IsUnknown => Unknown.Contains(this);

    /// <summary>A client of this kind whose token or key is the tenant's.</summary>
    public async Task<HttpClient> ClientAsync(ApiUnderTest ledger, string tenant) => ledger.Api.Client(Name switch
    {
        "nobody" => null,
        "rubbish" => Name,
        _ when Name.StartsWith(Key, StringComparison.Ordinal) => (await ledger.AddKeyAsync(tenant, Name[Key.Length..])).Whole,
        _ when Name.StartsWith(Service, StringComparison.Ordinal) => ServiceAccount(ledger, tenant, Name[Service.Length..]),
        _ => ledger.Issuer.Token(tenant, Name),
    });

    // As Keycloak's client credentials make it.
    private static string ServiceAccount(ApiUnderTest ledger, string tenant, string scope)
    {
        var claims = ledger.Issuer.Claims(tenant, scope);
        claims["azp"] = "ingest";
        claims["client_id"] = "ingest";
        claims["preferred_username"] = "service-account-ingest";
        return ledger.Issuer.Sign(claims);
    }
}
