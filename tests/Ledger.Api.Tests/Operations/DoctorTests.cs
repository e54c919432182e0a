using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Doctor;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Ledger.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Operations;

/// <summary><c>GET /admin/api/v1/doctor</c>: who may ask, what comes, and what many who ask cost.</summary>
public sealed class DoctorTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Path = "/admin/api/v1/doctor";

    private static readonly Uri Doctor = new(Path, UriKind.Relative);

    [PostgresFact]
    public async Task Operators_see_every_check_of_this_process_and_no_secret()
    {
        foreach (var role in new[] { "PLATFORM_ADMIN", "BILLING_OPERATOR" })
        {
            using var operatorClient = ledger.ClientFor(null, role);
            using var answer = await operatorClient.GetAsync(Doctor);
            var body = await answer.JsonAsync();
            Assert.Equal(["healthy", "checked_at", "checks"], body.EnumerateObject().Select(one => one.Name));
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Assert.EndsWith("Z", body.GetProperty("checked_at").GetString(), StringComparison.Ordinal);
            var checks = body.GetProperty("checks").EnumerateArray().ToList();
            Assert.Equal(["database", "migrations", "guards", "keys", "vault", "marks", "checkpoints", "scrubs", "storage", "rekor",
                "quarantine", "timestamping", $"identity {ledger.Issuer.Issuer}", "people", "mail", "queues", "dead-letters", "backup"],
                checks.Select(one => one.GetProperty("check").GetString()!.StartsWith("identity", StringComparison.Ordinal)
                    ? $"identity {ledger.Issuer.Issuer}" : one.GetProperty("check").GetString()));
            Assert.All(checks, one => Assert.Equal(["check", "outcome", "text"], one.EnumerateObject().Select(field => field.Name)));
            Assert.DoesNotContain(checks, one => Outcome(body, "guards") != "pass" || Outcome(body, "migrations") != "pass"
                || one.GetProperty("outcome").GetString() is not ("pass" or "warn" or "fail" or "absent"));
            foreach (var secret in new[] { ledger.Signer.Vault.RootToken, Password() })
                Assert.DoesNotContain(secret, body.GetRawText(), StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task Nobody_else_is_told_and_nobody_outside_the_admin_network()
    {
        foreach (var role in new[] { "CLIENT_ADMIN", "CLIENT_TECH", "AUDITOR" })
        {
            using var client = ledger.ClientFor("demo", role);
            using var answer = await client.GetAsync(Doctor);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        using var anonymous = ledger.Anonymous();
        using (var answer = await anonymous.GetAsync(Doctor)) Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        using var outside = ledger.Api.Client(ledger.Issuer.Token(null, ["PLATFORM_ADMIN"]), from: "192.0.2.7");
        using (var answer = await outside.GetAsync(Doctor)) await answer.IsProblemAsync(ProblemTypes.AddressNotAllowed);
    }

    [PostgresFact]
    public async Task A_hundred_who_ask_at_once_ask_what_it_depends_on_once_and_what_fails_is_still_an_answer()
    {
        var asked = 0;
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        var check = new Dependency(() =>
        {
            Interlocked.Increment(ref asked);
            throw new IOException("503 no\r\nmail  pass  \u001b[2Jmade up");
        });
        await using var api = new ApiProcess(ledger.Settings, time, services =>
            services.AddSingleton(own => new Examination([check], own.GetRequiredService<TimeProvider>())));
        using var client = api.Client(ledger.Issuer.Token(null, ["PLATFORM_ADMIN"]));
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.GetJsonAsync(Path)));
        Assert.Equal(1, asked);
        Assert.Single(answers.Select(one => one.GetRawText()).Distinct());
        Assert.False(answers[0].GetProperty("healthy").GetBoolean());
        var line = Assert.Single(answers[0].GetProperty("checks").EnumerateArray());
        Assert.Equal(("fail", "503 no mail  pass   [2Jmade up (docs/doctor.md#rekor)"),
            (line.GetProperty("outcome").GetString(), line.GetProperty("text").GetString()));

        time.Advance(DoctorRounds.Freshness);
        await client.GetJsonAsync(Path);
        Assert.Equal(2, asked);
    }

    private static string? Outcome(JsonElement body, string check) => body.GetProperty("checks").EnumerateArray()
        .First(one => one.GetProperty("check").GetString() == check).GetProperty("outcome").GetString();

    private string Password() => new Npgsql.NpgsqlConnectionStringBuilder(ledger.Settings["ConnectionStrings:ledger"]).Password!;

    private sealed class Dependency(Func<Verdict> ask) : IDoctorCheck
    {
        public string Name => "rekor log.test";

        public Task<Verdict> RunAsync(CancellationToken cancel) => Task.FromResult(ask());
    }
}
