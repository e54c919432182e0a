using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenancy;

public class RoleTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string None = "no role";

    /// <summary>Operation, then who may: A client admin, T technician, U auditor.</summary>
    [PostgresTheory]
    [InlineData("POST", "/append", "AT")]
    [InlineData("POST", "/append/batch", "AT")]
    [InlineData("GET", "/entries", "ATU")]
    [InlineData("GET", "/entries/{id}", "ATU")]
    [InlineData("GET", "/entries/{id}/proof", "ATU")]
    [InlineData("GET", "/entries/{id}/bundle", "ATU")]
    [InlineData("GET", "/chain/proof", "ATU")]
    [InlineData("GET", "/checkpoints", "ATU")]
    [InlineData("GET", "/checkpoints/latest", "ATU")]
    [InlineData("GET", "/checkpoints/1", "ATU")]
    [InlineData("GET", "/checkpoints/consistency?from=1&to=1", "ATU")]
    [InlineData("DELETE", "/entries/{id}/meta", "A")]
    [InlineData("GET", "/api/v1/policy", "ATU")]
    [InlineData("PUT", "/api/v1/policy", "A")]
    public async Task Each_role_may_what_the_table_says(string method, string path, string allowed)
    {
        var tenant = await ledger.AddTenantAsync();
        var entry = await ledger.AppendAsync(tenant);
        await ledger.CoverAsync();
        var roles = new[] { ('A', "CLIENT_ADMIN"), ('T', "CLIENT_TECH"), ('U', "AUDITOR"), ('P', "PLATFORM_ADMIN"), ('N', None),
            ('L', "client_admin") };
        foreach (var (letter, role) in roles.OrderBy(role => role.Item1 == 'A'))
        {
            using var client = ledger.ClientFor(tenant, role);
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), path.Replace("{id}", entry.Id, StringComparison.Ordinal));
            if (method == "POST") request.Content = Answers.Json(path == "/append" ? """{"subject":"s","payload":"QQ=="}"""
                : """{"items":[{"subject":"s","payload":"QQ=="}]}""");
            if (method == "PUT") request.Content = Answers.Json("""{"anchor":"off"}""");
            using var answer = await client.SendAsync(request);
            if (allowed.Contains(letter, StringComparison.Ordinal)) Assert.True(answer.IsSuccessStatusCode,
                $"{role}: {(int)answer.StatusCode}");
            else await answer.IsProblemAsync(ProblemTypes.Forbidden);
        }

        using var anonymous = ledger.Anonymous();
        using var bare = new HttpRequestMessage(HttpMethod.Parse(method), path.Replace("{id}", entry.Id, StringComparison.Ordinal));
        using var refused = await anonymous.SendAsync(bare);
        await refused.IsProblemAsync(ProblemTypes.Unauthenticated);
        Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
    }

    [PostgresTheory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/.well-known/ledger-keys")]
    public async Task What_is_public_needs_no_token_and_minds_no_bad_one(string path)
    {
        foreach (var token in new[] { null, "rubbish" })
        {
            using var client = ledger.Api.Client(token);
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
