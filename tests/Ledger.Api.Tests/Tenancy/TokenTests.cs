using System.Net;
using System.Text.Json.Nodes;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>What a token must carry; what it must not be is AttackTests' matter.</summary>
public class TokenTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresTheory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task Both_allowed_algorithms_are_accepted(string algorithm)
    {
        var tenant = await ledger.AddTenantAsync();
        Assert.Equal(HttpStatusCode.OK,
            (await AskAsync(ledger.Issuer.Sign(ledger.Issuer.Claims(tenant, "AUDITOR"), algorithm))).StatusCode);
    }

    public static TheoryData<string> BadTenants =>
        ["absent", "two", "a number", "an object", "empty", "unknown", "upper case", "reserved", "a quote"];

    [PostgresTheory]
    [MemberData(nameof(BadTenants))]
    public async Task A_token_must_name_exactly_one_tenant_of_this_ledger(string how)
    {
        var claims = ledger.Issuer.Claims(null, "CLIENT_TECH");
        claims["tenant"] = how switch
        {
            "two" => new JsonArray(await ledger.AddTenantAsync(), await ledger.AddTenantAsync()),
            "a number" => 7,
            "an object" => new JsonObject { ["name"] = await ledger.AddTenantAsync() },
            "empty" => "",
            "unknown" => "nobody-at-all",
            "upper case" => (await ledger.AddTenantAsync()).ToUpperInvariant(),
            "reserved" => "platform-audit",
            "a quote" => "x'; --",
            _ => null,
        };
        if (how == "absent") claims.Remove("tenant");
        using var answer = await AskAsync(ledger.Issuer.Sign(claims));
        await answer.IsProblemAsync(ProblemTypes.TenantRequired);
    }

    [PostgresTheory]
    [InlineData("""{"roles":"AUDITOR"}""")]
    [InlineData("""["AUDITOR"]""")]
    [InlineData("""{"roles":[{"name":"AUDITOR"}]}""")]
    [InlineData("\"AUDITOR\"")]
    public async Task Roles_count_only_where_Keycloak_puts_them(string realmAccess)
    {
        var claims = ledger.Issuer.Claims(await ledger.AddTenantAsync());
        claims["realm_access"] = JsonNode.Parse(realmAccess);
        claims["roles"] = new JsonArray("AUDITOR");
        claims["role"] = "AUDITOR";
        claims["urn:ledger:role"] = "AUDITOR";
        using var answer = await AskAsync(ledger.Issuer.Sign(claims));
        await answer.IsProblemAsync(ProblemTypes.Forbidden);
    }

    private async Task<HttpResponseMessage> AskAsync(string token)
    {
        using var client = ledger.Api.Client(token);
        return await client.GetAsync(new Uri("/entries", UriKind.Relative));
    }
}
