using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Time;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>The product's own realm as Keycloak serves it, with people who sign in and a machine; one clock for both.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes.")]
public sealed class RealmTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>, IAsyncLifetime
{
    private const string Secret = "correct-horse-7-battery";

    private readonly TempFolder folder = new();
    private readonly ManualTime time = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
    private KeycloakEmulator keycloak = null!;
    private ApiProcess api = null!;

    private string Realm => keycloak.Issuer("ledger");

    public async Task InitializeAsync()
    {
        if (new PostgresFactAttribute().Skip is not null) return;
        await ledger.AddTenantAsync(name: "demo");
        keycloak = await KeycloakEmulator.StartAsync(new EmulatorOptions { StateDirectory = folder["keycloak"], Time = time },
            new KeycloakOptions
            {
                RealmsDirectory = RepositoryPath.Of("Ledger.AppHost", "Realms", "Development"),
                Environment = name => name switch
                {
                    "LEDGER_MACHINE_TENANT" => "demo",
                    _ => name.Split('_')[^1] is "PASSWORD" or "SECRET" ? Secret : null,
                },
            }, CancellationToken.None);
        var settings = new Dictionary<string, string>(ledger.Settings)
        {
            ["Identity:Issuers:0:Issuer"] = Realm,
            ["Identity:Issuers:0:MetadataAddress"] = "",
            ["Identity:Issuers:0:Roles:3"] = "entries:write",
            ["Identity:Issuers:0:Roles:4"] = "entries:read",
            ["Identity:Issuers:0:Clients:0"] = "ledger-portal",
            ["Identity:Issuers:0:Clients:1"] = "ledger-machine",
            ["Security:SensitiveActionMaxAge"] = "00:15:00",
        };
        api = new ApiProcess(settings, time);
    }

    public async Task DisposeAsync()
    {
        if (api is not null)
        {
            await api.DisposeAsync();
            await keycloak.DisposeAsync();
        }
        folder.Dispose();
    }

    [PostgresFact]
    public async Task Who_signed_in_a_while_ago_works_on_and_signs_in_again_for_what_is_sensitive()
    {
        var first = await SignIn.WithPasswordAsync(Realm, "demo-admin", Secret);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, HttpMethod.Get, "/entries"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, HttpMethod.Put, "/api/v1/policy"));

        // A refreshed token is new, its sign-in is not.
        time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(first, HttpMethod.Get, "/entries"));
        var refreshed = await SignIn.RefreshAsync(Realm, first);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(refreshed, HttpMethod.Get, "/entries"));
        using var asked = await SendAsync(refreshed, HttpMethod.Put, "/api/v1/policy");
        await asked.IsProblemAsync(ProblemTypes.FreshSignInRequired);
        Assert.Equal("Bearer error=\"insufficient_user_authentication\", max_age=\"900\"", asked.Headers.WwwAuthenticate.ToString());

        var again = await SignIn.WithPasswordAsync(Realm, "demo-admin", Secret);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(again, HttpMethod.Put, "/api/v1/policy"));
    }

    [PostgresFact]
    public async Task Each_person_may_what_their_role_says_and_an_ID_token_is_nobody()
    {
        var tech = await SignIn.WithPasswordAsync(Realm, "demo-tech", Secret);
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(tech, HttpMethod.Post, "/append"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(tech, HttpMethod.Put, "/api/v1/policy"));
        var auditor = await SignIn.WithPasswordAsync(Realm, "demo-auditor", Secret);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(auditor, HttpMethod.Get, "/entries"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(auditor, HttpMethod.Post, "/append"));
        using var client = api.Client(auditor.GetProperty("id_token").GetString());
        await (await client.GetAsync(new Uri("/entries", UriKind.Relative))).IsProblemAsync(ProblemTypes.Unauthenticated);
    }

    [PostgresFact]
    public async Task A_machine_has_the_scopes_that_its_realm_roles_say()
    {
        var machine = await SignIn.TokenAsync(Realm, new()
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "ledger-machine", ["client_secret"] = Secret,
        });
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(machine, HttpMethod.Post, "/append"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(machine, HttpMethod.Put, "/api/v1/policy"));
        // The workers' client is of the same realm, and not on the list.
        var workers = await SignIn.TokenAsync(Realm, new()
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "ledger-workers", ["client_secret"] = Secret,
        });
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(workers, HttpMethod.Get, "/entries"));
    }

    [PostgresFact]
    public async Task A_rotation_in_the_realm_is_nobodys_trouble()
    {
        var before = await SignIn.WithPasswordAsync(Realm, "demo-tech", Secret);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(before, HttpMethod.Get, "/entries"));
        keycloak.RotateKeys("ledger");
        var after = await SignIn.WithPasswordAsync(Realm, "demo-tech", Secret);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(after, HttpMethod.Get, "/entries"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(before, HttpMethod.Get, "/entries"));
    }

    private async Task<HttpStatusCode> StatusAsync(JsonElement tokens, HttpMethod method, string path)
    {
        using var answer = await SendAsync(tokens, method, path);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(JsonElement tokens, HttpMethod method, string path)
    {
        using var client = api.Client(tokens.GetProperty("access_token").GetString());
        using var request = new HttpRequestMessage(method, path);
        request.Content = method == HttpMethod.Post ? Answers.Json("""{"subject":"s","payload":"QQ=="}""")
            : method == HttpMethod.Put ? Answers.Json("""{"anchor":"off"}""") : null;
        return await client.SendAsync(request);
    }
}
