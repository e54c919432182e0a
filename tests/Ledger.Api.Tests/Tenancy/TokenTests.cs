using System.Net;
using System.Text.Json.Nodes;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenancy;

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

    public static TheoryData<string> BadTokens =>
    [
        "expired", "not yet valid", "another issuer", "another audience", "no audience", "no expiry", "alg none",
            "HS256 over the public key", "PS256",
        "unknown key id", "signature of another token", "cut short", "not a token",
    ];

    [PostgresTheory]
    [MemberData(nameof(BadTokens))]
    public async Task A_bad_token_is_401(string how)
    {
        var tenant = await ledger.AddTenantAsync();
        using var answer = await AskAsync(Bad(tenant, how));
        await answer.IsProblemAsync(ProblemTypes.Unauthenticated);
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
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

    [PostgresFact]
    public async Task While_the_issuer_is_down_valid_tokens_keep_working_and_bad_ones_stay_bad()
    {
        var tenant = await ledger.AddTenantAsync();
        var token = ledger.Issuer.Token(tenant, "AUDITOR");
        using var before = await AskAsync(token);
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        ledger.Issuer.Down = true;
        try
        {
            using var during = await AskAsync(token);
            Assert.Equal(HttpStatusCode.OK, during.StatusCode);
            using var bad = await AskAsync(Bad(tenant, "signature of another token"));
            await bad.IsProblemAsync(ProblemTypes.Unauthenticated);
        }
        finally
        {
            ledger.Issuer.Down = false;
        }
    }

    [PostgresFact]
    public async Task A_process_that_never_reached_its_issuer_says_so_instead_of_401()
    {
        var tenant = await ledger.AddTenantAsync();
        var token = ledger.Issuer.Token(tenant, "AUDITOR");
        await using var api = new ApiProcess(ledger.Settings);
        ledger.Issuer.Down = true;
        try
        {
            using var client = api.Client(token);
            using var answer = await client.GetAsync(new Uri("/entries", UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.IdentityUnavailable);
            using var anonymous = api.Client(null);
            using var without = await anonymous.GetAsync(new Uri("/entries", UriKind.Relative));
            await without.IsProblemAsync(ProblemTypes.Unauthenticated);
        }
        finally
        {
            ledger.Issuer.Down = false;
        }
    }

    private string Bad(string tenant, string how)
    {
        var claims = ledger.Issuer.Claims(tenant, "AUDITOR");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        switch (how)
        {
            case "expired": claims["exp"] = now - 3600; break;
            case "not yet valid": claims["nbf"] = now + 3600; break;
            case "another issuer": claims["iss"] = "https://elsewhere.example/realms/ledger"; break;
            case "another audience": claims["aud"] = "account"; break;
            case "no audience": claims.Remove("aud"); break;
            case "no expiry": claims.Remove("exp"); break;
        }
        var token = ledger.Issuer.Sign(claims);
        return how switch
        {
            "alg none" => ledger.Issuer.Sign(claims, "none"),
            "HS256 over the public key" => ledger.Issuer.Sign(claims, "HS256", "rsa"),
            "PS256" => ledger.Issuer.Sign(claims, "PS256", "rsa"),
            "unknown key id" => ledger.Issuer.Sign(claims, "RS256", "other"),
            "signature of another token" =>
                token[..token.LastIndexOf('.')] + ledger.Issuer.Token("other",
                "AUDITOR")[ledger.Issuer.Token("other", "AUDITOR").LastIndexOf('.')..],
            "cut short" => token[..^20],
            "not a token" => "rubbish",
            _ => token,
        };
    }

    private async Task<HttpResponseMessage> AskAsync(string token)
    {
        using var client = ledger.Api.Client(token);
        return await client.GetAsync(new Uri("/entries", UriKind.Relative));
    }
}
