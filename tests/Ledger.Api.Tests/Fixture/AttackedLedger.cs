using System.Text.Json.Nodes;
using Ledger.Testing;

namespace Ledger.Api.Tests.Fixture;

/// <summary>A ledger with every guard up: a realm for tenants and one for operators, clients by name, a network to operate from, a proxy,
/// and a greatest age of sign-ins.</summary>
public sealed class AttackedLedger : ApiUnderTest
{
    public const string Office = "10.20.0.7", Proxy = "192.0.2.1", Elsewhere = "203.0.113.7";

    internal TokenIssuer Platform { get; private set; } = null!;

    /// <summary>A token that names this tenant and does everything right, changed.</summary>
    internal string Token(string? tenant, Action<JsonObject>? change = null, string algorithm = "RS256", string? keyId = null,
        Action<JsonObject>? header = null)
    {
        var claims = Issuer.Claims(tenant, "CLIENT_ADMIN");
        claims["auth_time"] = claims["iat"]!.GetValue<long>();
        claims["sid"] = "u76kNa_0pahHGI74ZVVDW57h";
        change?.Invoke(claims);
        return Issuer.Sign(claims, algorithm, keyId, header);
    }

    internal override async Task AddSettingsAsync(Dictionary<string, string> settings, TempFolder place)
    {
        Platform = await TokenIssuer.StartAsync(realm: "ledger-platform");
        foreach (var platformRole in new[] { "3", "4" }) settings.Remove("Identity:Issuers:0:Roles:" + platformRole);
        settings["Identity:Issuers:0:Clients:0"] = "ledger-cli";
        settings["Identity:Issuers:0:Clients:1"] = "nightly-import";
        settings["Identity:Issuers:1:Issuer"] = Platform.Issuer;
        settings["Identity:Issuers:1:Audience"] = TokenIssuer.Audience;
        settings["Identity:Issuers:1:Roles:0"] = "PLATFORM_ADMIN";
        settings["Identity:Issuers:1:Roles:1"] = "BILLING_OPERATOR";
        settings["Security:AdminAllowedCidrs:0"] = "10.20.0.0/16";
        settings["Security:TrustedProxies:0"] = Proxy + "/32";
        settings["Security:SensitiveActionMaxAge"] = "00:15:00";
        settings["Security:SensitiveExemptClients:0"] = "nightly-import";
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (Platform is not null) await Platform.DisposeAsync();
    }
}
