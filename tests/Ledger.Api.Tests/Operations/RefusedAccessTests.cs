using System.Net;
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
            $$"""api-key:{{expired.Prefix}} GET /entries {"reason":"api-key-expired"}""",
            $$"""api-key:{{revoked.Prefix}} GET /entries {"reason":"api-key-revoked"}""",
        ], (await WrittenAsync(tenant, 2)).OrderBy(line => line.Contains("revoked", StringComparison.Ordinal)));
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
        Assert.All(told, line =>
            Assert.Matches("""^(alice@ledger|api-key:[a-z2-7]{12}) GET .* \{"reason":"address-not-allowed"\}$""", line));
    }

    [PostgresFact]
    public async Task A_dead_key_writes_nothing_of_its_own_into_the_trail()
    {
        var (tenant, key) = await DeadKeyAsync();
        using var client = ledger.Api.Client(key.Whole);
        foreach (var (method, path) in new[]
                 {
                     ("ATTACK-" + new string('A', 6000), "/entries"), ("ATTACK-" + new string('B', 6000), "/entries"),
                     ("INVENTED", $"/{new string('b', 900)}"), ("get", "/entries"), ("PUT", "/entries"), ("GET", $"/entries/{Guid.Empty}"),
                     ("HEAD", "/entries"),
                 })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            (await client.SendAsync(request)).Dispose();
        }
        Assert.Equal(
            new[]
                {
                    "(another method) (no resource)", "(another method) /entries", "GET /entries/{id}", "HEAD /entries", "PUT (no resource)",
                }
                .Select(operation => $$"""api-key:{{key.Prefix}} {{operation}} {"reason":"api-key-revoked"}"""),
            (await WrittenAsync(tenant, 5)).Order(StringComparer.Ordinal));
    }

    [PostgresFact]
    public async Task Who_asks_too_often_is_not_told_of()
    {
        var (tenant, key) = await DeadKeyAsync();
        var settings = new Dictionary<string, string>(ledger.Settings) { ["RateLimits:PublicRequestsPerSecond"] = "1" };
        var time = new ManualTime(new DateTimeOffset(DateTimeOffset.UtcNow.Ticks / 10 * 10, TimeSpan.Zero));
        await using var process = new ApiProcess(settings, time);
        using var client = process.Client(key.Whole);
        var counts = new Dictionary<HttpStatusCode, int>();
        while (counts.GetValueOrDefault(HttpStatusCode.TooManyRequests) < 20) await AskAsync();
        var refused = counts[HttpStatusCode.Unauthorized];
        time.Advance(RefusedAccess.Period);
        while (counts[HttpStatusCode.Unauthorized] == refused)
        {
            await Task.Delay(100); // limits are by the machine's clock
            await AskAsync();
        }
        var told = await WrittenAsync(tenant, 2);
        Assert.EndsWith(refused == 1 ? """{"reason":"api-key-revoked"}"""
            : $$"""{"reason":"api-key-revoked","suppressed":"{{refused - 1}}"}""", told[1], StringComparison.Ordinal);

        async Task AskAsync()
        {
            using var answer = await client.GetAsync(new Uri("/entries", UriKind.Relative));
            counts[answer.StatusCode] = counts.GetValueOrDefault(answer.StatusCode) + 1;
        }
    }

    [Fact]
    public void Memory_and_the_queue_are_bounded_however_many_kinds_are_refused_and_no_tenant_takes_anothers_room()
    {
        var time = new ManualTime();
        var refused = new RefusedAccess(time);
        var told = new List<RefusedAccess.Refusal>();
        for (var i = 0; i < 100_000; i++) Note("demo", $"p{i}");
        Note("other", "alice");
        Assert.Equal(RefusedAccess.MostKindsOfTenant + 2, told.Count);
        Assert.Equal((TenantId.Parse("demo"), 1L), (told[^2].Kind.Tenant, told[^2].Dropped));
        Assert.Equal((TenantId.Parse("other"), "alice", null), (told[^1].Kind.Tenant, told[^1].Kind.Principal, told[^1].Dropped));

        time.Advance(RefusedAccess.Period);
        told.Clear();
        for (var tenant = 0; tenant < 100; tenant++)
        {
            for (var i = 0; i < 100; i++) Note($"t{tenant}", $"p{i}");
        }
        Assert.Equal(RefusedAccess.MostKinds - 1, told.Count(refusal => refusal.Dropped is null));
        Assert.Equal([(TenantId.Parse("demo"), 100_000 - RefusedAccess.MostKindsOfTenant - 1), (TenantId.PlatformAudit, 1)],
            told.Where(refusal => refusal.Dropped is not null).Select(refusal => (refusal.Kind.Tenant, refusal.Dropped!.Value)));
        time.Advance(RefusedAccess.Period);
        Note("t99", "later");
        Assert.Equal("later", told[^1].Kind.Principal);

        void Note(string tenant, string principal)
        {
            refused.Note(new DefaultHttpContext(), TenantId.Parse(tenant), principal, "forbidden");
            while (refused.Waiting.TryRead(out var refusal)) told.Add(refusal);
        }
    }

    [Fact]
    public void Every_refusal_is_counted_once_whatever_is_forgotten()
    {
        var time = new ManualTime();
        var refused = new RefusedAccess(time);
        var (noted, counted) = (0L, 0L);
        for (var minute = 0; minute < 5; minute++)
        {
            for (var i = 0; i < 1000; i++) Note($"p{minute}-{i % 400}");
            time.Advance(RefusedAccess.Period);
        }
        for (var i = 0; i < 2; i++, time.Advance(RefusedAccess.Period)) // what is left is told as room is made for others, or with the next
        {
            for (var other = 0; other <= RefusedAccess.MostKindsOfTenant; other++) Note($"q{i}-{other}");
        }
        Note("last");
        Assert.Equal(noted, counted);

        void Note(string principal)
        {
            noted++;
            refused.Note(new DefaultHttpContext(), TenantId.Parse("demo"), principal, "forbidden");
            while (refused.Waiting.TryRead(out var refusal)) counted += refusal.Dropped ?? 1 + refusal.Suppressed;
        }
    }

    [Fact]
    public void What_found_no_room_in_the_queue_is_counted_in_the_next()
    {
        var time = new ManualTime();
        var refused = new RefusedAccess(time);
        for (var i = 0; refused.Waiting.Count == i; i++) Note(i);
        var full = refused.Waiting.Count;
        while (refused.Waiting.TryRead(out _)) { }
        Note(full); // the one that had no room
        Assert.True(refused.Waiting.TryRead(out var told));
        Assert.Equal((1L, $"p{full}"), (told.Suppressed, told.Kind.Principal));

        void Note(int i) => refused.Note(new DefaultHttpContext(), TenantId.Parse($"t{i / 100}"), $"p{i}", "forbidden");
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

    private async Task<(string Tenant, TestKey Key)> DeadKeyAsync()
    {
        var tenant = await ledger.AddTenantAsync();
        var key = await ledger.AddKeyAsync(tenant);
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        (await admin.DeleteAsync(new Uri($"{TestKeys.Path}/{key.Id}", UriKind.Relative))).Dispose();
        return (tenant, key);
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
