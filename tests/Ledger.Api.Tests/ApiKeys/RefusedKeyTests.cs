using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.ApiKeys;

/// <summary>Keys that are none, or none any more: one answer for all of them.</summary>
public class RefusedKeyTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task Unknown_tenant_unknown_prefix_wrong_secret_revoked_and_malformed_are_the_same_refusal()
    {
        var tenant = await ledger.AddTenantAsync();
        var (key, other, revoked) = (await ledger.AddKeyAsync(tenant), await ledger.AddKeyAsync(await ledger.AddTenantAsync()),
            await ledger.AddKeyAsync(tenant));
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        (await admin.DeleteAsync(new Uri($"{TestKeys.Path}/{revoked.Id}", UriKind.Relative))).Dispose();
        var secret = key.Whole[^52..];
        var seen = new HashSet<string>();
        foreach (var sent in new[]
                 {
                     $"lgk_nobody_{key.Prefix}_{secret}", $"lgk_{tenant}_{new string('a', 12)}_{secret}", // unknown
                     // Somebody else's.
                    $"lgk_{tenant}_{key.Prefix}_{other.Whole[^52..]}", $"lgk_{tenant}_{other.Prefix}_{other.Whole[^52..]}",
                     revoked.Whole, key.Whole.ToUpperInvariant(), key.Whole[..^1], key.Whole + "a", "lgk_", "lgk_' OR 1=1 --_a_b", // none
                 })
        {
            using var client = ledger.Api.Client(null);
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + sent);
            using var answer = await client.GetAsync(new Uri("/entries", UriKind.Relative));
            var problem = await answer.IsProblemAsync(ProblemTypes.Unauthenticated);
            seen.Add($"{answer.Headers.WwwAuthenticate} {problem.GetProperty("detail")}");
        }
        Assert.Single(seen);
        using var good = ledger.Api.Client(key.Whole);
        await good.GetJsonAsync("/entries");
    }

    [PostgresFact]
    public async Task A_revoked_key_is_refused_at_once_in_every_process_and_for_good()
    {
        var tenant = await ledger.AddTenantAsync();
        var key = await ledger.AddKeyAsync(tenant);
        await using var elsewhere = new ApiProcess(ledger.Settings);
        using var here = ledger.Api.Client(key.Whole);
        using var there = elsewhere.Client(key.Whole);
        await here.GetJsonAsync("/entries");
        await there.GetJsonAsync("/entries");

        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        for (var i = 0; i < 2; i++)
        {
            using var revoked = await admin.DeleteAsync(new Uri($"{TestKeys.Path}/{key.Id}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        }
        foreach (var client in new[] { there, here })
        {
            using var answer = await client.GetAsync(new Uri("/entries", UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.Unauthenticated);
        }
        var body = await admin.GetJsonAsync($"{TestKeys.Path}/{key.Id}");
        Assert.Equal(("revoked", "alice@ledger"), (body.GetProperty("state").GetString(), body.GetProperty("revoked_by").GetString()));
    }

    [PostgresFact]
    public async Task Twice_in_one_request_or_by_another_scheme_a_key_is_none()
    {
        var key = await ledger.AddKeyAsync(await ledger.AddTenantAsync());
        foreach (var headers in new[] { new[] { $"Bearer {key.Whole}", $"Bearer {key.Whole}" }, [$"Basic {key.Whole}"], [key.Whole] })
        {
            using var client = ledger.Api.Client(null);
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", headers);
            using var answer = await client.GetAsync(new Uri("/entries", UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.Unauthenticated);
        }
    }

    [PostgresFact]
    public async Task Where_no_token_is_needed_a_bad_key_does_no_harm()
    {
        using var client = ledger.Api.Client("lgk_nobody");
        using var answer = await client.GetAsync(new Uri("/alive", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
