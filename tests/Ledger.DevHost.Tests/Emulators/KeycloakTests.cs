using System.IdentityModel.Tokens.Jwt;
using System.Text.Json;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.Testing;
using Ledger.Testing.Realms;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.DevHost.Tests.Emulators;

public sealed class KeycloakTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private KeycloakEmulator keycloak = null!;

    public async Task InitializeAsync() => keycloak = await StartAsync();

    public async Task DisposeAsync() => await keycloak.DisposeAsync();

    public void Dispose()
    {
        folder.Dispose();
    }

    [Fact]
    public async Task A_token_validates_against_discovery_and_JWKS_and_says_who_it_is()
    {
        var token = keycloak.MintToken("ledger", new TokenRequest
        {
            Subject = "someone", Azp = "ledger-devhost", Roles = ["CLIENT_TECH"], Tenant = "demo", Lifetime = TimeSpan.FromDays(30),
        });

        var jwt = (JwtSecurityToken)await ValidateAsync(token, keycloak.Issuer("ledger"), "ledger-api");

        Assert.Equal("someone", jwt.Subject);
        Assert.Equal("demo", jwt.Claims.Single(c => c.Type == "tenant").Value);
        Assert.Equal("""{"roles":["CLIENT_TECH"]}""", jwt.Claims.Single(c => c.Type == "realm_access").Value);
        Assert.Equal(TimeSpan.FromDays(30), jwt.ValidTo - jwt.IssuedAt);
    }

    [Fact]
    public async Task Client_credentials_give_the_roles_and_the_tenant_of_the_client()
    {
        var token = await GrantAsync("ledger", "ledger-machine", ProductRealms.Secret);

        var jwt = (JwtSecurityToken)await ValidateAsync(token, keycloak.Issuer("ledger"), "ledger-api");

        Assert.Equal(ProductRealms.MachineTenant, jwt.Claims.Single(c => c.Type == "tenant").Value);
        Assert.Equal("""{"roles":["entries:write","entries:read"]}""", jwt.Claims.Single(c => c.Type == "realm_access").Value);
        Assert.Equal("ledger-machine", jwt.Claims.Single(c => c.Type == "azp").Value);
        Assert.Equal(300, (jwt.ValidTo - jwt.IssuedAt).TotalSeconds);
    }

    [Fact]
    public async Task A_token_of_one_realm_is_refused_as_the_others()
    {
        var token = await GrantAsync("ledger-platform", "ledger-platform-workers", ProductRealms.Secret);

        await ValidateAsync(token, keycloak.Issuer("ledger-platform"), "ledger-api");
        await Assert.ThrowsAnyAsync<SecurityTokenException>(() => ValidateAsync(token, keycloak.Issuer("ledger"), "ledger-api"));
    }

    [Fact]
    public async Task Keys_and_tokens_are_good_after_a_restart()
    {
        var token = keycloak.MintToken("ledger", new TokenRequest { Subject = "s", Azp = "a", Tenant = "demo" });
        var (issuer, port) = (keycloak.Issuer("ledger"), keycloak.Address.Port);
        await keycloak.DisposeAsync();

        keycloak = await StartAsync(port);

        await ValidateAsync(token, issuer, "ledger-api");
    }

    [Fact]
    public async Task It_can_be_told_to_fail()
    {
        using var http = new HttpClient { BaseAddress = keycloak.Address };
        keycloak.Faults.Set(FaultMode.Down, "/realms/ledger/protocol/openid-connect/certs", count: 1);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("/realms/ledger/protocol/openid-connect/certs"));
        Assert.Contains("RS256", await http.GetStringAsync("/realms/ledger/protocol/openid-connect/certs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_realms_and_clients_are_programming_errors()
    {
        Assert.Throws<ArgumentException>(() => keycloak.MintToken("nosuch", new TokenRequest { Subject = "s", Azp = "a" }));
        Assert.Throws<ArgumentException>(() => keycloak.ClientSecret("ledger", "nosuch"));
    }

    private Task<KeycloakEmulator> StartAsync(int port = 0)
        => ProductRealms.StartAsync(folder["keycloak"], port);

    private async Task<string> GrantAsync(string realm, string client, string secret)
    {
        using var http = new HttpClient { BaseAddress = keycloak.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = secret,
        });
        using var answer = await http.PostAsync($"/realms/{realm}/protocol/openid-connect/token", form);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("access_token").GetString()!;
    }

    // As a resource server does it: metadata by HTTP, keys from the JWKS it names.
    private static async Task<SecurityToken> ValidateAsync(string token, string issuer, string audience)
    {
        var metadata = await OpenIdConnectConfigurationRetriever.GetAsync(
            $"{issuer}/.well-known/openid-configuration", new HttpDocumentRetriever { RequireHttps = false }, CancellationToken.None);
        Assert.Equal(issuer, metadata.Issuer);
        new JwtSecurityTokenHandler { MapInboundClaims = false }.ValidateToken(token, new TokenValidationParameters
        {
            ValidIssuer = metadata.Issuer,
            ValidAudience = audience,
            IssuerSigningKeys = metadata.SigningKeys,
            ValidAlgorithms = ["RS256"],
        }, out var validated);
        return validated;
    }
}
