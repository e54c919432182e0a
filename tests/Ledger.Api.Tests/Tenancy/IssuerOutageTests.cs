using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Ledger.Testing.Time;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>An API whose clock the test turns, and its issuer that goes away, floods and rotates.</summary>
public sealed class IssuerOutageTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>, IAsyncLifetime
{
    // Near the database's own clock, whole seconds.
    private readonly ManualTime time = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
    private TokenIssuer issuer = null!;
    private ApiProcess api = null!;
    private string tenant = "";

    public async Task InitializeAsync()
    {
        if (new PostgresFactAttribute().Skip is not null) return;
        issuer = await TokenIssuer.StartAsync(time);
        tenant = await ledger.AddTenantAsync();
        api = Process();
    }

    public async Task DisposeAsync()
    {
        if (api is null) return;
        await api.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [PostgresFact]
    public async Task Twenty_six_hours_without_the_issuer()
    {
        var claims = issuer.Claims(tenant, "CLIENT_TECH");
        claims["exp"] = time.GetUtcNow().AddHours(40).ToUnixTimeSeconds();
        var token = issuer.Sign(claims);
        using var forged = api.Client(token[..^20] + new string('A', 18));
        using var rotated = api.Client(issuer.Sign(claims, keyId: "rsa-2"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));

        issuer.Down = true;
        for (var hour = 0.0; hour < 26; hour += 0.5, time.Advance(TimeSpan.FromHours(0.5)))
        {
            var reads = issuer.KeyReads;
            if (hour < 24)
            {
                foreach (var _ in Enumerable.Range(0, 5)) Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));
                await (await forged.GetAsync(Entries)).IsProblemAsync(ProblemTypes.Unauthenticated);
            }
            else
            {
                foreach (var _ in Enumerable.Range(0, 5)) await (await AskAsync(token)).IsProblemAsync(ProblemTypes.IdentityUnavailable);
                await (await forged.GetAsync(Entries)).IsProblemAsync(ProblemTypes.IdentityUnavailable);
            }
            // A key that nobody here knows may be the issuer's newest.
            await (await rotated.GetAsync(Entries)).IsProblemAsync(ProblemTypes.IdentityUnavailable);
            using var nobody = api.Client(null);
            await (await nobody.GetAsync(Entries)).IsProblemAsync(ProblemTypes.Unauthenticated);
            Assert.InRange(issuer.KeyReads - reads, 0, 2);
        }

        issuer.Down = false;
        issuer.KeyIds = ["rsa-2", "rsa"];
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, (await rotated.GetAsync(Entries)).StatusCode);
        await (await forged.GetAsync(Entries)).IsProblemAsync(ProblemTypes.Unauthenticated);
        var told = api.Log.Text.Split('\n').Where(line => line.Contains("Tenancy.IssuerKeys", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, told.Count); // away, used no more, back
    }

    [PostgresFact]
    public async Task A_flood_of_unknown_keys_is_one_fetch_a_minute()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(issuer.Token(tenant, "AUDITOR")));
        for (var minute = 0; minute < 3; minute++, time.Advance(TimeSpan.FromMinutes(1)))
        {
            var flood = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
                AskAsync(issuer.Sign(issuer.Claims(tenant, "AUDITOR"), keyId: $"no-{minute}-{i}"))));
            foreach (var answer in flood) await answer.IsProblemAsync(ProblemTypes.Unauthenticated);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(issuer.Token(tenant, "AUDITOR")));
            Assert.Equal(2 + minute, issuer.KeyReads);
        }
    }

    [PostgresFact]
    public async Task A_rotation_is_seen_at_once_and_a_key_that_left_is_worth_nothing_an_hour_later()
    {
        var old = issuer.Sign(issuer.Claims(tenant, "AUDITOR"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(old));
        issuer.KeyIds = ["rsa-2"];
        time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(old)); // not asked yet
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(issuer.Sign(issuer.Claims(tenant, "AUDITOR"), keyId: "rsa-2")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(old));
        Assert.Equal(2, issuer.KeyReads);
    }

    [PostgresFact]
    public async Task Tokens_live_by_the_clock_of_the_ledger()
    {
        var token = issuer.Token(tenant, "AUDITOR");
        time.Advance(TimeSpan.FromSeconds(3600 + 29));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));
        time.Advance(TimeSpan.FromSeconds(1));
        await (await AskAsync(token)).IsProblemAsync(ProblemTypes.Unauthenticated);
    }

    [PostgresTheory]
    [InlineData("down")]
    [InlineData("discovery of another issuer")]
    [InlineData("keys that are HTML")]
    [InlineData("no keys")]
    [InlineData("keys without end")]
    public async Task An_issuer_whose_keys_were_never_read_is_503_and_heals(string fault)
    {
        issuer.Down = fault == "down";
        if (fault == "discovery of another issuer") issuer.Pretence = issuer.Issuer + "/";
        issuer.KeySet = fault switch
        {
            "keys that are HTML" => "<html>", "no keys" => """{"keys":[]}""", "keys without end" => new string(' ', 300_000), _ => null,
        };
        var token = issuer.Token(tenant, "AUDITOR");
        foreach (var _ in Enumerable.Range(0, 10)) await (await AskAsync(token)).IsProblemAsync(ProblemTypes.IdentityUnavailable);
        Assert.InRange(issuer.KeyReads, 0, 1);
        (issuer.Down, issuer.Pretence, issuer.KeySet) = (false, null, null);
        time.Advance(TimeSpan.FromSeconds(ProblemTypes.IdentityUnavailable.RetryAfterSeconds!.Value));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));
    }

    [PostgresFact]
    public async Task Whether_there_is_a_log_is_told_neither_to_a_reader_nor_to_a_stranger_while_nobody_can_tell_them_apart()
    {
        var isPublic = await ledger.AddTenantAsync(isPublic: true);
        foreach (var name in new[] { tenant, isPublic }) await ledger.AppendAsync(name);
        await ledger.CoverAsync();
        issuer.Down = true;
        using var reader = api.Client(issuer.Token(tenant, "AUDITOR"));
        foreach (var name in new[] { tenant, "no-such-tenant" })
        {
            using var answer = await reader.GetAsync(new Uri($"/log/{name}/checkpoint", UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.IdentityUnavailable);
        }
        using var open = await reader.GetAsync(new Uri($"/log/{isPublic}/checkpoint", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        issuer.Down = false;
        time.Advance(TimeSpan.FromSeconds(5));
        using var own = await reader.GetAsync(new Uri($"/log/{tenant}/checkpoint", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [PostgresFact]
    public async Task One_subject_at_two_issuers_is_two_callers()
    {
        await using var second = await TokenIssuer.StartAsync(time);
        var settings = new Dictionary<string, string>(ledger.Settings)
        {
            ["Identity:Issuers:0:Issuer"] = issuer.Issuer,
            ["Identity:Issuers:0:MetadataAddress"] = issuer.Metadata,
            ["Identity:Issuers:1:Issuer"] = second.Issuer,
            ["Identity:Issuers:1:Audience"] = TokenIssuer.Audience,
        };
        await using var both = new ApiProcess(settings, time);
        var bodies = new List<string>();
        foreach (var (from, payload) in new[] { (issuer, "QQ=="), (second, "Qg=="), (issuer, "QQ==") })
        {
            using var client = both.Client(from.Token(tenant, "CLIENT_TECH"));
            client.DefaultRequestHeaders.Add("Idempotency-Key", "the-same");
            using var content = Answers.Json($$"""{"subject":"s","payload":"{{payload}}"}""");
            using var answer = await client.PostAsync(new Uri("/append", UriKind.Relative), content);
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            bodies.Add(await answer.Content.ReadAsStringAsync());
        }
        Assert.NotEqual(bodies[0], bodies[1]);
        Assert.Equal(bodies[0], bodies[2]);
    }

    [PostgresFact]
    public async Task While_an_issuer_is_slow_who_has_a_known_key_does_not_wait()
    {
        var known = issuer.Token(tenant, "AUDITOR");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(known));
        var gate = new TaskCompletionSource();
        issuer.Gate = gate.Task;
        var unknown = AskAsync(issuer.Sign(issuer.Claims(tenant, "AUDITOR"), keyId: "other"));
        time.Advance(TimeSpan.FromMinutes(58));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(known));
        Assert.False(unknown.IsCompleted);
        gate.SetResult();
        await (await unknown).IsProblemAsync(ProblemTypes.Unauthenticated);
    }

    [PostgresFact]
    public async Task An_address_of_the_keys_that_is_set_needs_no_discovery()
    {
        issuer.Pretence = "https://elsewhere.example";
        await using var direct = Process(("JwksUri", issuer.Issuer + "/certs"));
        using var client = direct.Client(issuer.Token(tenant, "AUDITOR"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Entries)).StatusCode);
    }

    private static Uri Entries => new("/entries", UriKind.Relative);

    private ApiProcess Process(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(ledger.Settings)
        {
            ["Identity:Issuers:0:Issuer"] = issuer.Issuer,
            ["Identity:Issuers:0:MetadataAddress"] = issuer.Metadata,
        };
        foreach (var (name, value) in more) settings["Identity:Issuers:0:" + name] = value;
        return new ApiProcess(settings, time);
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var answer = await AskAsync(token);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> AskAsync(string token)
    {
        using var client = api.Client(token);
        return await client.GetAsync(Entries);
    }
}
