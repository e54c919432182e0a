using Ledger.Core.Identity;
using Ledger.Core.Operations;
using Ledger.Core.Tests.Anchoring;

namespace Ledger.Core.Tests.Identity;

public sealed class RealmCheckTests
{
    [Fact]
    public async Task A_clients_secret_is_not_sent_over_plain_http_wherever_discovery_points()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET", "/metadata", Reply.Of(200, $$"""
            {"issuer":"https://id.example","jwks_uri":"{{server.Url}}keys","token_endpoint":"http://id.example/token"}
            """, ("Content-Type", "application/json")));
        server.On("GET", "/keys", Reply.Of(200, """{"keys":[]}""", ("Content-Type", "application/json")));
        using var http = new HttpClient();
        var realm = new CheckedRealm("ledger", "https://id.example", "api", new Uri(server.Url, "metadata"), null, null, "client", "secret",
            null);

        var lines = await new RealmCheck(new RealmVoice(http), TimeProvider.System, realm).RunLightlyAsync(CancellationToken.None);

        var token = lines.Single(line => line.Check == "token");
        Assert.Equal((CheckOutcome.Fail, "client: http://id.example/token is plain http beyond loopback: anybody on the way can read the "
            + "client's secret"), (token.Outcome, token.Text));
    }
}
