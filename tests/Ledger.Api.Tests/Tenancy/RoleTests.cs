using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenancy;

public class RoleTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string None = "no role";

    /// <summary>Operation, then who may: A client admin, T technician, U auditor, P platform admin, B billing operator.</summary>
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
    [InlineData("GET", "/checkpoints/3", "ATU")]
    [InlineData("GET", "/checkpoints/consistency?from=3&to=3", "ATU")]
    [InlineData("DELETE", "/entries/{id}/meta", "A")]
    [InlineData("GET", "/api/v1/policy", "ATU")]
    [InlineData("PUT", "/api/v1/policy", "A")]
    [InlineData("GET", "/anchors", "ATU")]
    [InlineData("GET", "/checkpoints/3/anchor.sigstore.json", "ATU")]
    [InlineData("GET", "/checkpoints/3/body", "ATU")]
    [InlineData("POST", "/attestations", "AT")]
    [InlineData("GET", "/attestations", "ATU")]
    [InlineData("GET", "/attestations/{sha256}", "ATU")]
    [InlineData("GET", "/api/v1/attestation-keys", "ATU")]
    [InlineData("GET", "/api/v1/attestation-keys/{id}", "ATU")]
    [InlineData("POST", "/api/v1/attestation-keys", "A")]
    [InlineData("DELETE", "/api/v1/attestation-keys/{id}", "A")]
    [InlineData("GET", "/admin/api/v1/dead-letters", "P")]
    [InlineData("POST", "/admin/api/v1/dead-letters/replay", "P")]
    [InlineData("POST", "/admin/api/v1/dead-letters/{tenant}/{id}/replay", "P")]
    [InlineData("POST", "/admin/api/v1/dead-letters/{tenant}/{id}/discard", "P")]
    [InlineData("GET", "/admin/api/v1/anchoring", "PB")]
    public async Task Each_role_may_what_the_table_says(string method, string path, string allowed)
    {
        using var tenant = await FullTenant.MakeAsync(ledger);
        var roles = new[] { ('A', "CLIENT_ADMIN"), ('T', "CLIENT_TECH"), ('U', "AUDITOR"), ('P', "PLATFORM_ADMIN"),
            ('B', "BILLING_OPERATOR"), ('N', None), ('L', "client_admin") };
        foreach (var (letter, role) in roles.OrderBy(role => role.Item1 == 'A'))
        {
            using var client = ledger.ClientFor(tenant.Name, role);
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), tenant.Fill(path, real: true));
            request.Content = Body(method, path, tenant);
            using var answer = await client.SendAsync(request);
            if (allowed.Contains(letter, StringComparison.Ordinal)) Assert.True(answer.IsSuccessStatusCode,
                $"{role}: {(int)answer.StatusCode}");
            else await answer.IsProblemAsync(ProblemTypes.Forbidden);
        }

        using var anonymous = ledger.Anonymous();
        using var bare = new HttpRequestMessage(HttpMethod.Parse(method), tenant.Fill(path, real: true));
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

    private static HttpContent? Body(string method, string path, FullTenant tenant) => (method, path) switch
    {
        ("POST", "/append") => Answers.Json("""{"subject":"s","payload":"QQ=="}"""),
        ("POST", "/append/batch") => Answers.Json("""{"items":[{"subject":"s","payload":"QQ=="}]}"""),
        ("POST", "/attestations") => Answers.Json(tenant.Attestor.Envelope(Attestor.Statement(Verify.Digest.Sha256("b"u8)))),
        ("POST", "/api/v1/attestation-keys") =>
            Answers.Json(System.Text.Json.JsonSerializer.Serialize(new { name = "ci", public_key = tenant.Attestor.Pem })),
        ("PUT", _) => Answers.Json("""{"anchor":"off"}"""),
        _ => null,
    };
}
