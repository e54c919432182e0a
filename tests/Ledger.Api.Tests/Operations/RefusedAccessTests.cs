using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Ledger.Api.Operations;
using Ledger.Api.Tenancy;
using Ledger.Api.Tests.ApiKeys;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;
using Ledger.Testing.Time;
using Microsoft.AspNetCore.Http;

namespace Ledger.Api.Tests.Operations;

/// <summary>Who is turned away is told to the trail: once a minute, in bounded memory, and only of those who are known.</summary>
public class RefusedAccessTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task Refusals_of_a_known_caller_are_told_once_a_minute_with_how_many_there_were()
    {
        var tenant = await ledger.AddTenantAsync();
        var time = new ManualTime(new DateTimeOffset(DateTimeOffset.UtcNow.Ticks / 10 * 10, TimeSpan.Zero));
        await using var process = new ApiProcess(ledger.Settings, time);
        using var auditor = process.Client(ledger.Issuer.Token(tenant, "AUDITOR"));
        for (var i = 0; i < 4; i++) await AppendAsync(auditor);
        (await auditor.DeleteAsync(new Uri($"/entries/{Guid.Empty}/meta", UriKind.Relative))).Dispose();
        await WrittenAsync(tenant, 2);
        time.Advance(TimeSpan.FromSeconds(59));
        await AppendAsync(auditor);
        time.Advance(TimeSpan.FromSeconds(1));
        await AppendAsync(auditor);
        Assert.Equal(
        [
            """alice@ledger POST /append {"reason":"forbidden"}""",
            """alice@ledger DELETE /entries/{id}/meta {"reason":"forbidden"}""",
            """alice@ledger POST /append {"reason":"forbidden","suppressed":"4"}""",
        ], await WrittenAsync(tenant, 3));
    }

    [PostgresFact]
    public async Task A_key_that_ended_is_told_and_one_that_never_was_is_not()
    {
        var tenant = await ledger.AddTenantAsync();
        var (revoked, expired) = (await ledger.AddKeyAsync(tenant), await ledger.AddKeyAsync(tenant));
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        (await admin.DeleteAsync(new Uri($"{TestKeys.Path}/{revoked.Id}", UriKind.Relative))).Dispose();
        (await admin.PostAsJsonAsync($"{TestKeys.Path}/{expired.Id}/rotate", new { overlap_seconds = 0 })).Dispose();
        foreach (var sent in new[] { $"{revoked.Whole[..^52]}{expired.Whole[^52..]}",
                     $"lgk_{tenant}_{new string('a', 12)}_{revoked.Whole[^52..]}", "lgk_nobody", "rubbish", revoked.Whole, expired.Whole })
        {
            using var client = ledger.Api.Client(sent);
            (await client.GetAsync(new Uri("/entries", UriKind.Relative))).Dispose();
        }
        (await ledger.Anonymous().GetAsync(new Uri("/entries", UriKind.Relative))).Dispose();
        Assert.Equal(
        [
            $$"""api-key:{{revoked.Prefix}} GET /entries {"reason":"api-key-revoked"}""",
            $$"""api-key:{{expired.Prefix}} GET /entries {"reason":"api-key-expired"}""",
        ], await WrittenAsync(tenant, 2));
    }

    [PostgresFact]
    public async Task An_operator_without_the_role_is_told_in_the_services_own_name()
    {
        using var operators = ledger.ClientFor(null, "BILLING_OPERATOR");
        (await operators.GetAsync(new Uri("/admin/api/v1/audit", UriKind.Relative))).Dispose();
        Assert.Contains("""alice@ledger GET /admin/api/v1/audit {"reason":"forbidden"}""", await WrittenAsync("platform-audit", 1));
    }

    [PostgresFact]
    public async Task A_good_token_from_an_address_that_may_not_operate_is_told_and_a_bad_one_is_not()
    {
        var settings = new Dictionary<string, string>(ledger.Settings) { ["Security:AdminAllowedCidrs:0"] = "10.0.0.0/8" };
        await using var process = new ApiProcess(settings);
        var tenant = await ledger.AddTenantAsync();
        var (key, good) = ((await ledger.AddKeyAsync(tenant)).Whole, ledger.Issuer.Token(tenant, "PLATFORM_ADMIN"));
        foreach (var token in new[] { null, "rubbish", key, good })
        {
            using var client = process.Client(token);
            using var answer = await client.GetAsync(new Uri("/admin/api/v1/dead-letters", UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.AddressNotAllowed);
        }
        var told = await WrittenAsync(tenant, 2);
        Assert.Equal(2, told.Count);
        Assert.All(told, line => Assert.Matches("""^(alice@ledger|api-key:[a-z2-7]{12}) GET .* \{"reason":"address-not-allowed"\}$""", line));
    }

    [Fact]
    public void Memory_and_the_queue_are_bounded_however_many_kinds_are_refused()
    {
        var time = new ManualTime();
        var refused = new RefusedAccess(time);
        var tenant = TenantId.Parse("demo");
        for (var i = 0; i < 100_000; i++) refused.Note(new DefaultHttpContext(), tenant, $"nobody reads {i}", "forbidden");
        Assert.InRange(refused.Waiting.Count, 1, RefusedAccess.MostKinds);
        while (refused.Waiting.TryRead(out _)) { }
        time.Advance(RefusedAccess.Period);
        var told = 0;
        for (var i = 0; i < 100_000; i++)
        {
            refused.Note(new DefaultHttpContext(), tenant, $"p{i}", "forbidden");
            if (refused.Waiting.TryRead(out _)) told++;
        }
        Assert.Equal(RefusedAccess.MostKinds, told);
        refused.Note(new DefaultHttpContext(), tenant, "later", "forbidden"); // no room yet
        Assert.Equal(0, refused.Waiting.Count);
        time.Advance(RefusedAccess.Period);
        refused.Note(new DefaultHttpContext(), tenant, "later", "forbidden");
        Assert.Equal(1, refused.Waiting.Count);
    }

    [Fact]
    public void What_found_no_room_in_the_queue_is_counted_in_the_next()
    {
        var time = new ManualTime();
        var refused = new RefusedAccess(time);
        for (var i = 0; refused.Waiting.Count == i; i++) Note($"p{i}");
        var full = refused.Waiting.Count;
        while (refused.Waiting.TryRead(out _)) { }
        Note($"p{full}"); // the one that had no room
        Assert.True(refused.Waiting.TryRead(out var told));
        Assert.Equal((1L, $"p{full}"), (told.Suppressed, told.Kind.Principal));

        void Note(string principal) => refused.Note(new DefaultHttpContext(), TenantId.Parse("demo"), principal, "forbidden");
    }

    [Fact]
    public void A_caller_without_an_identity_leaves_no_trace()
    {
        var refused = new RefusedAccess(new ManualTime());
        refused.Note(new DefaultHttpContext(), "forbidden");
        refused.Note(new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "mallory")])) }, "forbidden");
        Assert.Equal(0, refused.Waiting.Count);
        var alice = new ClaimsPrincipal(new ClaimsIdentity([new Claim(LedgerClaims.Principal, "alice@ledger")]));
        refused.Note(new DefaultHttpContext { User = alice }, "forbidden");
        Assert.Equal(1, refused.Waiting.Count);
    }

    private static async Task AppendAsync(HttpClient client) =>
        (await client.PostAsJsonAsync("/append", new { subject = "a", payload = "aGk=" })).Dispose();

    /// <summary>Actor, target and details of the refusals in the outbox, once there are so many.</summary>
    private async Task<List<string>> WrittenAsync(string tenant, int count)
    {
        for (var tries = 0; ; tries++)
        {
            await using var command = ledger.Owner.CreateCommand(
                $"SELECT convert_from(event, 'UTF8') FROM ledger.audit_outbox WHERE tenant_id = '{tenant}' ORDER BY id");
            await using var reader = await command.ExecuteReaderAsync();
            var written = new List<string>();
            while (await reader.ReadAsync())
            {
                var what = JsonElement.Parse(reader.GetString(0));
                if (what.GetProperty("action").GetString() == "access.refused")
                    written.Add($"{what.GetProperty("actor")} {what.GetProperty("target")} {what.GetProperty("details").GetRawText()}");
            }
            if (written.Count >= count) return written;
            Assert.True(tries < 200, string.Join('\n', written));
            await Task.Delay(25);
        }
    }
}
