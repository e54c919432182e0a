using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Realms;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>Tokens as Keycloak makes them, beside those of the issuer that signs anything; and two issuers at once.</summary>
public class KeycloakTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task Each_issuers_tokens_are_checked_with_its_own_keys()
    {
        using var folder = new TempFolder();
        await using var keycloak = await ProductRealms.StartAsync(folder["keycloak"]);
        await using var api = new ApiProcess(new Dictionary<string, string>(ledger.Settings)
        {
            ["Identity:Issuers:1:Issuer"] = keycloak.Issuer("ledger"),
            ["Identity:Issuers:1:Audience"] = "ledger-api",
        });
        var tenant = await ledger.AddTenantAsync();
        var request = new TokenRequest { Subject = "bob", Azp = "ledger-cli", Roles = ["CLIENT_TECH"], Tenant = tenant };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, keycloak.MintToken("ledger", request)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, ledger.Issuer.Token(tenant, "CLIENT_TECH")));
        // Realm of the platform, which this API does not believe; and our own issuer's key under the other's name.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, keycloak.MintToken("ledger-platform", request)));
        var borrowed = ledger.Issuer.Claims(tenant, "CLIENT_TECH");
        borrowed["iss"] = keycloak.Issuer("ledger");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, ledger.Issuer.Sign(borrowed)));
    }

    private static async Task<HttpStatusCode> StatusAsync(ApiProcess api, string token)
    {
        using var client = api.Client(token);
        using var answer = await client.GetAsync(new Uri("/entries", UriKind.Relative));
        return answer.StatusCode;
    }
}
