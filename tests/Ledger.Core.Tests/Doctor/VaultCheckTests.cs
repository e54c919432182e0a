using System.Net;
using System.Text;
using Ledger.Core.Doctor;
using Ledger.Core.Operations;
using Ledger.Core.Signing;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Tests.Doctor;

/// <summary>What Vault says of itself and of our token.</summary>
public sealed class VaultCheckTests
{
    private const string Forever = """{"data":{"ttl":0,"expire_time":null}}""";

    private const string AllOfTheApi =
        """{"data":{"transit/sign/ledger-ed25519":["update"],"transit/keys/ledger-ed25519":["read"]}}""";

    [Theory]
    [InlineData(200, 200, Forever, AllOfTheApi, CheckOutcome.Pass, "never expires")]
    [InlineData(429, 200, Forever, AllOfTheApi, CheckOutcome.Pass, "never expires")]
    [InlineData(503, 200, Forever, AllOfTheApi, CheckOutcome.Fail, "is sealed")]
    [InlineData(501, 200, Forever, AllOfTheApi, CheckOutcome.Fail, "is not initialised")]
    [InlineData(404, 200, Forever, AllOfTheApi, CheckOutcome.Fail, "is it a Vault?")]
    [InlineData(0, 200, Forever, AllOfTheApi, CheckOutcome.Fail, "http://vault.test:8200 does not answer in time")]
    [InlineData(200, 403, "{}", AllOfTheApi, CheckOutcome.Fail, "Vault:EntryToken is unknown")]
    [InlineData(200, 200, """{"data":{"ttl":604799,"expire_time":"2026-01-08T00:00:00Z"}}""", AllOfTheApi, CheckOutcome.Warn, "expires in 6 days")]
    [InlineData(200, 200, """{"data":{"ttl":604801,"expire_time":"2026-01-08T00:00:00Z"}}""", AllOfTheApi, CheckOutcome.Pass, "expires in 7 days")]
    [InlineData(200, 200, """{"data":{"ttl":3600,"expire_time":"2026-01-01T01:00:00Z","period":3600}}""", AllOfTheApi, CheckOutcome.Pass, "1 h 0 min")]
    [InlineData(200, 200, Forever, """{"data":{"transit/sign/ledger-ed25519":["deny"],"transit/keys/ledger-ed25519":["root"]}}""", CheckOutcome.Fail,
        "the policy of Vault:EntryToken lacks transit/sign/ledger-ed25519")]
    [InlineData(200, 200, Forever, "", CheckOutcome.Warn, "may not ask what it may do")]
    public async Task Vault_is_well_when_it_would_sign_for_us(
        int health, int lookup, string token, string capabilities, CheckOutcome expected, string says)
    {
        using var http = new HttpClient(new Answers(health, lookup, token, capabilities));
        var verdict = await Check(http).RunAsync(CancellationToken.None);
        Assert.True(expected == verdict.Outcome, verdict.Text);
        Assert.Contains(says, verdict.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hvs.secret", verdict.Text, StringComparison.Ordinal);
    }

    private static VaultCheck Check(HttpClient http)
    {
        var options = Options.Create(new VaultOptions { Address = new Uri("http://vault.test:8200"), EntryToken = "hvs.secret" });
        return new VaultCheck(new VaultAnswers(http, options), options, new KeyNames(options.Value.TransitKey));
    }

    private sealed class Answers(int health, int lookup, string token, string capabilities) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, body) = request.RequestUri!.AbsolutePath switch
            {
                "/v1/sys/health" => (health, "{}"),
                "/v1/auth/token/lookup-self" => (lookup, token),
                _ => (capabilities.Length == 0 ? 403 : 200, capabilities),
            };
            if (status == 0) throw new TaskCanceledException("the client's own time is up");
            var content = new StringContent(body, Encoding.UTF8, "application/json");
            return Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = content });
        }
    }
}
