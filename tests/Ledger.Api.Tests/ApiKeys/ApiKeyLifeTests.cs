using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Ledger.Testing.Time;
using Ledger.Verify.Entries;

namespace Ledger.Api.Tests.ApiKeys;

/// <summary>How keys go on and end: expiry, rotation, last use. The clock is the test's.</summary>
public class ApiKeyLifeTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private readonly ManualTime time = new(new DateTimeOffset(DateTimeOffset.UtcNow.Ticks / 10 * 10, TimeSpan.Zero));

    [PostgresFact]
    public async Task A_key_is_refused_from_its_expiry_on()
    {
        await using var process = new ApiProcess(ledger.Settings, time);
        using var admin = process.Client(ledger.Issuer.Token(await ledger.AddTenantAsync(), "CLIENT_ADMIN"));
        var key = await admin.AddKeyAsync(new { name = "n", scopes = TestKeys.AllScopes, expires_at = After(TimeSpan.FromHours(1)) });
        Assert.Equal(LedgerTime.Format(time.GetUtcNow().AddHours(1)), key.Body.GetProperty("expires_at").GetString());
        time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMicroseconds(1));
        Assert.True(await WorksAsync(process, key));
        time.Advance(TimeSpan.FromMicroseconds(1));
        Assert.False(await WorksAsync(process, key));
        Assert.Equal("expired", await StateAsync(admin, key));
    }

    [PostgresFact]
    public async Task Rotating_makes_a_key_of_the_same_name_and_scopes_and_ends_the_old_one_after_the_overlap()
    {
        await using var process = new ApiProcess(ledger.Settings, time);
        using var admin = process.Client(ledger.Issuer.Token(await ledger.AddTenantAsync(), "CLIENT_ADMIN"));
        var old = await admin.AddKeyAsync(new { name = "n", scopes = new[] { "entries:read" } });
        var made = await RotateAsync(admin, old, new { overlap_seconds = 60 });
        Assert.Equal(("n", """["entries:read"]""", JsonValueKind.Null), (made.Body.GetProperty("name").GetString(),
            made.Body.GetProperty("scopes").GetRawText(), made.Body.GetProperty("expires_at").ValueKind));
        Assert.Equal(made.Id, (await admin.GetJsonAsync($"{TestKeys.Path}/{old.Id}")).GetProperty("replaced_by").GetString());
        Assert.True(await WorksAsync(process, old) && await WorksAsync(process, made));

        await RefusedAsync(admin, old, ProblemTypes.ApiKeyRotated);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(await WorksAsync(process, old));
        Assert.True(await WorksAsync(process, made));
        await RefusedAsync(admin, old, ProblemTypes.ApiKeyRotated);
        await RotateAsync(admin, made, new { overlap_seconds = 0 });
        Assert.False(await WorksAsync(process, made));
    }

    [PostgresFact]
    public async Task A_rotated_key_ends_no_later_than_it_would_have_and_its_successor_lives_as_long_as_it_was_made_to()
    {
        await using var process = new ApiProcess(ledger.Settings, time);
        using var admin = process.Client(ledger.Issuer.Token(await ledger.AddTenantAsync(), "CLIENT_ADMIN"));
        var old = await admin.AddKeyAsync(new { name = "n", scopes = TestKeys.AllScopes, expires_at = After(TimeSpan.FromDays(30)) });
        time.Advance(TimeSpan.FromDays(29.5));
        var claims = ledger.Issuer.Claims(old.Whole.Split('_')[1], "CLIENT_ADMIN");
        claims["exp"] = time.GetUtcNow().AddDays(1).ToUnixTimeSeconds();
        using var later = process.Client(ledger.Issuer.Sign(claims));
        var made = await RotateAsync(later, old, new { });
        Assert.Equal(LedgerTime.Format(time.GetUtcNow().AddDays(30)), made.Body.GetProperty("expires_at").GetString());
        Assert.Equal(old.Body.GetProperty("expires_at").GetString(),
            (await later.GetJsonAsync($"{TestKeys.Path}/{old.Id}")).GetProperty("expires_at").GetString());
        await RefusedAsync(later, made, ProblemTypes.ApiKeyInOverlap);
        time.Advance(TimeSpan.FromHours(12));
        var next = await RotateAsync(later, made, new { });
        Assert.Equal(LedgerTime.Format(time.GetUtcNow().AddDays(1)), // the overlap unless told otherwise
            (await later.GetJsonAsync($"{TestKeys.Path}/{made.Id}")).GetProperty("expires_at").GetString());
        (await later.DeleteAsync(new Uri($"{TestKeys.Path}/{next.Id}", UriKind.Relative))).Dispose();
        await RefusedAsync(later, next, ProblemTypes.ApiKeyEnded);
    }

    [PostgresFact]
    public async Task Two_rotations_at_once_make_one_key()
    {
        using var admin = ledger.ClientFor(await ledger.AddTenantAsync(), "CLIENT_ADMIN");
        var key = await admin.AddKeyAsync(new { name = "n", scopes = TestKeys.AllScopes });
        var rotate = $"{TestKeys.Path}/{key.Id}/rotate";
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.PostAsJsonAsync(rotate, new { })));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Created, HttpStatusCode.Conflict }));
        Assert.Equal(2, (await admin.GetJsonAsync(TestKeys.Path)).GetProperty("items").GetArrayLength());
    }

    [PostgresFact]
    public async Task A_tenant_has_as_many_keys_as_its_limit_says_and_can_rotate_them_all()
    {
        var tenant = await ledger.AddTenantAsync();
        await using var limit = ledger.Owner.CreateCommand($"UPDATE ledger.tenants SET max_api_keys = 2 WHERE tenant_id = '{tenant}'");
        await limit.ExecuteNonQueryAsync();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AddAsync()));
        Assert.Equal(2, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
            await answer.IsProblemAsync(ProblemTypes.TooManyApiKeys);

        var id = (await admin.GetJsonAsync(TestKeys.Path)).GetProperty("items")[0].GetProperty("id").GetString();
        using var rotated = await admin.PostAsJsonAsync($"{TestKeys.Path}/{id}/rotate", new { });
        var successor = (await rotated.JsonAsync(HttpStatusCode.Created)).GetProperty("api_key").GetProperty("id").GetString();
        using var more = await AddAsync();
        await more.IsProblemAsync(ProblemTypes.TooManyApiKeys);
        (await admin.DeleteAsync(new Uri($"{TestKeys.Path}/{successor}", UriKind.Relative))).Dispose();
        using var still = await AddAsync();
        await still.IsProblemAsync(ProblemTypes.TooManyApiKeys); // the one that it replaced goes on
        (await admin.DeleteAsync(new Uri($"{TestKeys.Path}/{id}", UriKind.Relative))).Dispose();
        using var now = await AddAsync();
        await now.JsonAsync(HttpStatusCode.Created);

        Task<HttpResponseMessage> AddAsync() => admin.PostAsJsonAsync(TestKeys.Path, new { name = "n", scopes = TestKeys.AllScopes });
    }

    [PostgresFact]
    public async Task The_last_use_is_written_at_most_once_a_minute_and_no_request_waits_for_it()
    {
        var tenant = await ledger.AddTenantAsync();
        await using var process = new ApiProcess(ledger.Settings, time);
        using var admin = process.Client(ledger.Issuer.Token(tenant, "CLIENT_ADMIN"));
        var key = await admin.AddKeyAsync(new { name = "n", scopes = TestKeys.AllScopes });
        Assert.Equal(JsonValueKind.Null, key.Body.GetProperty("last_used_at").ValueKind);
        var first = time.GetUtcNow();
        await UseAsync(first);
        time.Advance(TimeSpan.FromSeconds(59));
        await UseAsync(first);
        time.Advance(TimeSpan.FromSeconds(1));
        await UseAsync(first.AddMinutes(1));

        // Held by somebody else, the row cannot be written; the requests go on.
        await using var other = await ledger.Owner.OpenConnectionAsync();
        await using var held = await other.BeginTransactionAsync();
        await using var hold = new Npgsql.NpgsqlCommand(
            $"SELECT FROM ledger.api_keys WHERE tenant_id = '{tenant}' FOR UPDATE", other, held);
        await hold.ExecuteNonQueryAsync();
        time.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 5; i++) Assert.True(await WorksAsync(process, key));
        await held.RollbackAsync();
        await UseAsync(first.AddMinutes(3));

        async Task UseAsync(DateTimeOffset expected)
        {
            for (var i = 0; i < 3; i++) Assert.True(await WorksAsync(process, key));
            for (var tries = 0; ; tries++)
            {
                var shown = (await admin.GetJsonAsync($"{TestKeys.Path}/{key.Id}")).GetProperty("last_used_at").GetString();
                if (shown == LedgerTime.Format(expected)) return;
                Assert.True(tries < 200, $"{shown} is not {expected:O}");
                await Task.Delay(25);
            }
        }
    }

    private string After(TimeSpan span) => LedgerTime.Format(time.GetUtcNow() + span);

    private static async Task<TestKey> RotateAsync(HttpClient admin, TestKey key, object body) =>
        await admin.AddKeyAsync(body, $"{TestKeys.Path}/{key.Id}/rotate");

    private static async Task RefusedAsync(HttpClient admin, TestKey key, ProblemType problem)
    {
        using var answer = await admin.PostAsJsonAsync($"{TestKeys.Path}/{key.Id}/rotate", new { });
        await answer.IsProblemAsync(problem);
    }

    private static async Task<bool> WorksAsync(ApiProcess process, TestKey key)
    {
        using var client = process.Client(key.Whole);
        using var answer = await client.GetAsync(new Uri("/entries", UriKind.Relative));
        if (answer.IsSuccessStatusCode) return true;
        await answer.IsProblemAsync(ProblemTypes.Unauthenticated);
        return false;
    }

    private static async Task<string?> StateAsync(HttpClient admin, TestKey key) =>
        (await admin.GetJsonAsync($"{TestKeys.Path}/{key.Id}")).GetProperty("state").GetString();
}
