using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.DevHost.Emulators.Keycloak.Import;
using Ledger.Testing;
using Ledger.Testing.Time;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

public sealed class ImportTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<IDisposable> realms = [];

    public void Dispose()
    {
        realms.ForEach(r => r.Dispose());
        folder.Dispose();
    }

    [Theory]
    [InlineData("${SET}", "value")]
    [InlineData("before-${SET}-after", "before-value-after")]
    [InlineData("{\"value\": \"${SET}\"}", "{\"value\": \"value\"}")]
    [InlineData("${UNSET}", "${UNSET}")]
    [InlineData("${UNSET:fallback}", "fallback")]
    [InlineData("${UNSET:}", "")]
    [InlineData("${EMPTY:was-empty}", "")]
    [InlineData("${env.SET} and $SET and $${SET}", "${env.SET} and $SET and $${SET}")]
    [InlineData("${username}", "${username}")]
    public void A_placeholder_is_resolved_as_the_real_server_does(string written, string read)
        => Assert.Equal(read, Placeholders.Resolve(written, name => name switch { "SET" => "value", "EMPTY" => "", _ => null }));

    [Fact]
    public void Placeholders_are_resolved_in_any_value_but_not_in_names()
    {
        var read = Placeholders.Resolve(JsonNode.Parse("""{"${A}": ["${A}", {"b": "${A}", "c": 1, "d": null, "e": true}]}"""), _ => "x");

        Assert.Equal("""{"${A}":["x",{"b":"x","c":1,"d":null,"e":true}]}""", read!.ToJsonString());
    }

    [Theory]
    [InlineData("{\"realm\":\"x\",\"enabled\":true,", "Unexpected end-of-input within/between Object entries")]
    [InlineData("{\"realm\":\"x\",\"nosuch\":1}",
        "Unrecognized field \"nosuch\" (class org.keycloak.representations.idm.RealmRepresentation), not marked as ignorable")]
    [InlineData("{\"realm\":\"x\",\"clients\":[{\"clientId\":\"c\",\"nosuch\":1}]}",
        "Unrecognized field \"nosuch\" (class org.keycloak.representations.idm.ClientRepresentation), not marked as ignorable")]
    [InlineData("{\"enabled\":true}", "\"org.keycloak.representations.idm.RealmRepresentation.getRealm()\" is null")]
    [InlineData(
        "{\"realm\":\"x\",\"passwordPolicy\":\"length(12)\",\"users\":[{\"username\":\"u\",\"credentials\":[{\"value\":\"short\"}]}]}",
        "invalidPasswordMinLengthMessage")]
    [InlineData("{\"realm\":\"x\",\"users\":[{\"username\":\"u\",\"clientRoles\":{\"nosuch\":[\"r\"]}}]}",
        "Unable to find client role mappings for client: nosuch")]
    [InlineData("{\"realm\":\"x\",\"browserFlow\":\"nosuch\"}", "nosuch")]
    [InlineData("{\"realm\":\"x\",\"users\":[{\"username\":\"a\",\"email\":\"e@x\"},{\"username\":\"b\",\"email\":\"E@x\"}]}",
        "Duplicate resource error")]
    [InlineData("{\"realm\":\"x\",\"accessTokenLifespan\":\"long\"}", "accessTokenLifespan")]
    public void A_file_that_the_real_server_does_not_start_with_is_refused_with_its_message(string file, string message)
        => Assert.Contains(message, Assert.Throws<RealmImportException>(() => Read(file)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_realm_role_that_is_unknown_is_made_and_a_mapper_that_is_unknown_is_kept()
    {
        var realm = Read("""
            {"realm": "x", "users": [{"username": "U", "realmRoles": ["NEW"]}],
             "clients": [{"clientId": "c", "protocolMappers": [{"name": "m", "protocolMapper": "oidc-nosuch-mapper"}]}]}
            """);

        Assert.Contains("NEW", realm.Roles.Keys);
        Assert.Equal("NEW", Assert.Single(realm.UserByName("u")!.RealmRoles).Name);
        Assert.Equal("oidc-nosuch-mapper", Assert.Single(realm.Clients["c"].ProtocolMappers).Type);
    }

    [Fact]
    public void A_realm_has_the_clients_and_roles_that_every_realm_has()
    {
        var realm = Read("""{"realm": "x"}""");

        Assert.Equal("account account-console admin-cli broker realm-management security-admin-console",
            string.Join(' ', realm.Clients.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal("manage-account manage-account-links offline_access uma_authorization view-profile",
            string.Join(' ', RealmRole.Expand(realm.DefaultRole.Composites).Select(r => r.Name).Order(StringComparer.Ordinal)));
        Assert.Equal(22, RealmRole.Expand([realm.Clients["realm-management"].Roles["realm-admin"]]).Count);
    }

    [Fact]
    public void Composites_of_a_file_reach_roles_of_the_realm_and_of_clients()
    {
        var realm = Read("""
            {"realm": "x", "clients": [{"clientId": "c"}],
             "roles": {"realm": [{"name": "A", "composites": {"realm": ["B"], "client": {"c": ["r"]}}}, {"name": "B"}],
               "client": {"c": [{"name": "r"}]}}}
            """);

        Assert.Equal("A B r", string.Join(' ', RealmRole.Expand([realm.Roles["A"]]).Select(r => r.Name)));
    }

    [Fact]
    public void A_client_with_a_service_account_has_its_user_also_when_the_file_names_none()
    {
        var realm = Read("""{"realm": "x", "clients": [{"clientId": "c", "serviceAccountsEnabled": true}]}""");

        var account = realm.UserByName("service-account-c")!;
        Assert.Equal("c", account.ServiceAccountOf!.ClientId);
        Assert.Equal([realm.DefaultRole], account.RealmRoles);
    }

    [Fact]
    public void Client_scopes_in_the_file_leave_out_the_built_in_ones()
    {
        var realm = Read("""
            {"realm": "x", "clientScopes": [{"name": "own"}], "clients": [{"clientId": "c", "defaultClientScopes": ["own"]}]}
            """);

        Assert.Equal(["own", "offline_access"], realm.ClientScopes.Keys);
        Assert.Equal(["own"], realm.Clients["c"].DefaultClientScopes);
    }

    [Fact]
    public void A_weak_password_of_the_file_is_measured_by_the_policy_of_the_file_alone()
    {
        var realm = Read("""{"realm": "x", "users": [{"username": "u", "credentials": [{"value": "1"}]}]}""");

        Assert.NotNull(realm.UserByName("u")!.Password);
    }

    [Fact]
    public void Ids_and_generated_secrets_are_the_same_at_the_next_start_and_given_ones_stay()
    {
        const string file = """
            {"realm": "x", "clients": [{"clientId": "made"}, {"clientId": "given", "secret": "s"}], "users": [{"username": "u"}]}
            """;
        var (first, second) = (Read(file), Read(file));

        Assert.Equal(first.UserByName("u")!.Id, second.UserByName("u")!.Id);
        Assert.Equal(first.Clients["made"].Secret, second.Clients["made"].Secret);
        Assert.Equal(32, first.Clients["made"].Secret!.Length);
        Assert.Equal("s", second.Clients["given"].Secret);
        Assert.Equal(first.Keys.Signing.Kid, second.Keys.Signing.Kid);
    }

    [Fact]
    public async Task Any_json_directly_in_the_folder_is_read_and_a_fault_names_its_file()
    {
        Directory.CreateDirectory(folder["realms/below"]);
        await File.WriteAllTextAsync(folder["realms/whatever.json"], """{"realm": "one"}""");
        await File.WriteAllTextAsync(folder["realms/notes.md"], "no realm");
        await File.WriteAllTextAsync(folder["realms/below/two.json"], """{"realm": "two"}""");
        var options = new EmulatorOptions { StateDirectory = folder["state"] };
        var keycloak = new KeycloakOptions { RealmsDirectory = folder["realms"], Environment = _ => null };
        await using (var started = await KeycloakEmulator.StartAsync(options, keycloak, CancellationToken.None))
        {
            using var http = new HttpClient { BaseAddress = started.Address };
            Assert.Equal(200, (int)(await http.GetAsync("/realms/one")).StatusCode);
            Assert.Equal(404, (int)(await http.GetAsync("/realms/two")).StatusCode);
        }
        await File.WriteAllTextAsync(folder["realms/bad.json"], """{"realm": "three", "nosuch": 1}""");

        var fault = await Assert.ThrowsAsync<RealmImportException>(
            () => KeycloakEmulator.StartAsync(options, keycloak, CancellationToken.None));

        Assert.StartsWith("bad.json: Unrecognized field", fault.Message, StringComparison.Ordinal);
    }

    private Realm Read(string file)
    {
        if (!Directory.Exists(folder["read"]))
            KeycloakUnderTest.LayKeys(folder["read"], "x");
        var realm = RealmImport.ReadText(file, _ => null, folder["read"], new ManualTime());
        realms.Add(realm);
        return realm;
    }
}
