using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>From where the ledger is operated.</summary>
public class AdminNetworkTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Elsewhere = "203.0.113.7";

    [PostgresTheory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData(Peer.None, false)]
    public Task Unless_configured_otherwise_it_is_operated_from_loopback(string peer, bool allowed) =>
        AssertAsync(ledger.Api, peer, null, allowed);

    [PostgresFact]
    public async Task Networks_and_proxies_are_configured()
    {
        await using var api = new ApiProcess(new Dictionary<string, string>(ledger.Settings)
        {
            ["Security:AdminAllowedCidrs"] = "10.20.0.0/16, fd00::/8",
            ["Security:TrustedProxies:0"] = "192.0.2.1/32",
        });
        foreach (var (peer, forwarded, allowed) in new[]
                 {
                     ("10.20.1.1", null, true), ("::ffff:10.20.1.1", null, true), ("fd00::1", null, true),
                     ("127.0.0.1", null, false), ("10.21.0.1", null, false),
                     // Only the proxy's word counts, and only what it added itself.
                     (Elsewhere, "10.20.1.1", false),
                     ("192.0.2.1", "10.20.1.1", true),
                     ("192.0.2.1", $"10.20.1.1, {Elsewhere}", false),
                     ("192.0.2.1", $"{Elsewhere}, 10.20.1.1", true),
                     ("192.0.2.1", "unknown", false),
                     ("192.0.2.1", null, false),
                 })
            await AssertAsync(api, peer, forwarded, allowed);
    }

    [PostgresTheory]
    [InlineData("/admin")]
    [InlineData("/admin/")]
    [InlineData("/ADMIN/api/v1/anchoring")]
    [InlineData("/%61dmin/api/v1/anchoring")]
    [InlineData("/log/../admin/api/v1/anchoring")]
    [InlineData("/admin/api/v1/no-such-thing")]
    [InlineData("/admin/api/v1/dead-letters/demo/x/replay")]
    public async Task From_elsewhere_every_path_under_admin_answers_alike_whatever_the_token(string path)
    {
        var (good, others) = (ledger.Issuer.Token(null, "PLATFORM_ADMIN"), ledger.Issuer.Token("demo", "AUDITOR"));
        foreach (var token in new[] { null, "rubbish", good, others })
        {
            using var client = ledger.Api.Client(token, Elsewhere);
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.AddressNotAllowed);
            Assert.Empty(answer.Headers.WwwAuthenticate);
        }
    }

    [PostgresFact]
    public async Task Other_paths_are_open_to_every_address()
    {
        using var client = ledger.Api.Client(ledger.Issuer.Token(await ledger.AddTenantAsync(), "AUDITOR"), Elsewhere);
        foreach (var path in new[] { "/entries", "/health", "/openapi/v1.json" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        using var neighbour = await client.GetAsync(new Uri("/administration", UriKind.Relative));
        await neighbour.IsProblemAsync(ProblemTypes.NotFound);
    }

    private async Task AssertAsync(ApiProcess api, string peer, string? forwarded, bool allowed)
    {
        using var client = api.Client(ledger.Issuer.Token(null, "PLATFORM_ADMIN"), peer);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/api/v1/anchoring");
        if (forwarded is not null) request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        using var answer = await client.SendAsync(request);
        if (allowed) Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{peer} {forwarded}: {(int)answer.StatusCode}");
        else await answer.IsProblemAsync(ProblemTypes.AddressNotAllowed);
    }
}
