using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ledger.DevHost.Tests.Realms;

/// <summary>What the product's realm files promise, each of the four read as it is written.</summary>
public sealed partial class RealmRuleTests
{
    public static readonly TheoryData<string, bool> Files = new()
    {
        { "ledger", false }, { "ledger", true }, { "ledger-platform", false }, { "ledger-platform", true },
    };

    private static readonly string[] TenantRoles = ["CLIENT_ADMIN", "CLIENT_TECH", "AUDITOR"];
    private static readonly string[] Scopes = ["entries:write", "entries:read", "proofs:write", "proofs:read"];
    private static readonly string[] Switches = ["publicClient", "standardFlowEnabled", "implicitFlowEnabled", "directAccessGrantsEnabled",
        "serviceAccountsEnabled", "fullScopeAllowed"];
    private static readonly string[] PlatformRoles = ["PLATFORM_ADMIN", "BILLING_OPERATOR"];

    [Theory, MemberData(nameof(Files))]
    public void Every_secret_comes_from_the_environment_and_none_has_a_default(string realm, bool development)
    {
        var file = RealmFile.Read(realm, development);
        foreach (var client in file.Clients.Where(static client => client.ContainsKey("secret")))
            Assert.Matches(Secret(), client["secret"]!.GetValue<string>());
        foreach (var credential in file.Users.SelectMany(static user => user["credentials"]?.AsArray() ?? []))
        {
            var value = credential!["type"]!.GetValue<string>() == "otp"
                ? JsonNode.Parse(credential["secretData"]!.GetValue<string>())!["value"] : credential["value"];
            Assert.Matches(Secret(), value!.GetValue<string>());
        }
        Assert.All(Placeholder().Matches(file.Text), static match =>
            Assert.False(match.Groups["default"].Success && SecretName().IsMatch(match.Groups["name"].Value), match.Value));
    }

    // Nobody verifies addresses: whoever could change their own would take somebody else's, whom the workers then could not write.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nobody_changes_their_own_address_names_or_tenant(bool development)
    {
        var profile = RealmFile.Read("ledger", development).Json["components"]!["org.keycloak.userprofile.UserProfileProvider"]![0]!;
        var attributes = JsonNode.Parse(profile["config"]!["kc.user.profile.config"]![0]!.GetValue<string>())!["attributes"]!.AsArray();
        foreach (var name in new[] { "email", "firstName", "lastName", "tenant" })
            Assert.Equal(["admin"], RealmFile.Strings(
                attributes.Single(a => a!["name"]!.GetValue<string>() == name)!["permissions"]!["edit"]));
        Assert.False(RealmFile.Read("ledger", development).Json["editUsernameAllowed"]!.GetValue<bool>());
    }

    [Theory, MemberData(nameof(Files))]
    public void A_client_that_keeps_a_secret_has_one_and_a_public_one_has_PKCE_or_the_device_grant(string realm, bool development)
    {
        foreach (var client in RealmFile.Read(realm, development).Callers)
        {
            var name = client["clientId"]!.GetValue<string>();
            Assert.Equal(!RealmFile.Is(client, "publicClient"), client.ContainsKey("secret"));
            Assert.False(RealmFile.Is(client, "implicitFlowEnabled"), name);
            Assert.False(RealmFile.Is(client, "directAccessGrantsEnabled"), name);
            Assert.False(RealmFile.Is(client, "publicClient") && RealmFile.Is(client, "serviceAccountsEnabled"), name);
            if (RealmFile.Is(client, "standardFlowEnabled"))
                Assert.Equal("S256", client["attributes"]!["pkce.code.challenge.method"]!.GetValue<string>());
            // A missing switch is on in Keycloak: each is said.
            Assert.All(Switches, flag => Assert.True(client.ContainsKey(flag), $"{name}: {flag}"));
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void A_browser_is_sent_to_exact_addresses_on_loopback_unless_the_environment_says_otherwise(string realm, bool development)
    {
        var browsers = RealmFile.Read(realm, development).Callers.Where(static c => RealmFile.Is(c, "standardFlowEnabled")).ToList();
        Assert.NotEmpty(browsers);
        foreach (var client in browsers)
        {
            string[] addresses = [.. RealmFile.Strings(client["redirectUris"]), .. RealmFile.Strings(client["webOrigins"]),
                client["attributes"]!["post.logout.redirect.uris"]!.GetValue<string>()];
            Assert.All(addresses, static address => Assert.Matches(Loopback(), address));
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_client_that_calls_the_API_says_so_in_its_tokens_and_with_it_the_tenant(string realm, bool development)
    {
        var file = RealmFile.Read(realm, development);
        Assert.True(RealmFile.Is(file.Client("ledger-api"), "bearerOnly"));
        foreach (var client in file.Callers)
        {
            var name = client["clientId"]!.GetValue<string>();
            Assert.True(RealmFile.HasMapper(client, "oidc-audience-mapper", "included.client.audience", "ledger-api"), name);
            var ofTenants = realm == "ledger" && name != "ledger-workers";
            Assert.Equal(ofTenants, RealmFile.HasMapper(client, "oidc-usermodel-attribute-mapper", "claim.name", "tenant"));
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Roles_of_the_platform_are_in_its_realm_and_nowhere_else(string realm, bool development)
    {
        var file = RealmFile.Read(realm, development);
        var own = realm == "ledger" ? [.. TenantRoles, .. Scopes] : PlatformRoles;
        Assert.Equal(own, file.Roles);
        // Naming a role that does not exist makes it, so every mention counts.
        foreach (var foreign in TenantRoles.Concat(Scopes).Concat(PlatformRoles).Except(own))
            Assert.DoesNotContain($"\"{foreign}\"", file.Text, StringComparison.Ordinal);
        var scopes = file.Json["scopeMappings"]!.AsArray().SelectMany(static m => RealmFile.Strings(m!["roles"]));
        var given = file.Users.SelectMany(static user => RealmFile.Strings(user["realmRoles"]));
        Assert.Empty(scopes.Concat(given).Except(own).Except([$"default-roles-{realm}"]));
    }

    [Theory, MemberData(nameof(Files))]
    public void Everybody_has_the_default_roles_and_only_the_workers_administer_people(string realm, bool development)
    {
        foreach (var user in RealmFile.Read(realm, development).Users)
        {
            Assert.Contains($"default-roles-{realm}", RealmFile.Strings(user["realmRoles"]));
            var name = user["username"]!.GetValue<string>();
            if (name == "service-account-ledger-workers")
                Assert.Equal(["manage-users", "view-users", "query-users"], RealmFile.Strings(user["clientRoles"]!["realm-management"]));
            else
                Assert.False(user.ContainsKey("clientRoles"), name);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Only_the_workers_tokens_show_every_role_of_theirs(string realm, bool development)
    {
        var file = RealmFile.Read(realm, development);
        foreach (var client in file.Callers)
        {
            var name = client["clientId"]!.GetValue<string>();
            Assert.Equal(name == "ledger-workers", RealmFile.Is(client, "fullScopeAllowed"));
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Passwords_are_long_guessing_is_stopped_and_tokens_are_short(string realm, bool development)
    {
        var json = RealmFile.Read(realm, development).Json;
        Assert.Matches(realm == "ledger" ? @"\blength\(12\)" : @"\blength\(14\)", json["passwordPolicy"]!.GetValue<string>());
        foreach (var on in new[] { "enabled", "bruteForceProtected", "revokeRefreshToken", "eventsEnabled", "adminEventsEnabled" })
            Assert.True(RealmFile.Is(json, on), on);
        foreach (var off in new[] { "registrationAllowed", "duplicateEmailsAllowed", "editUsernameAllowed" })
            Assert.True(json.ContainsKey(off) && !RealmFile.Is(json, off), off);
        Assert.InRange(json["failureFactor"]!.GetValue<int>(), 1, 10);
        Assert.Equal(300, json["accessTokenLifespan"]!.GetValue<int>());
        Assert.Equal(0, json["refreshTokenMaxReuse"]!.GetValue<int>());
        Assert.Equal("external", json["sslRequired"]!.GetValue<string>());
        // Its mere presence leaves out the built-in scopes: no sub, no realm_access in any token.
        Assert.False(json.ContainsKey("clientScopes"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_tenant_is_a_declared_attribute_that_only_administrators_write(bool development)
    {
        var profile = RealmFile.Read("ledger", development).Json["components"]!["org.keycloak.userprofile.UserProfileProvider"]![0]!;
        var declared = JsonNode.Parse(profile["config"]!["kc.user.profile.config"]![0]!.GetValue<string>())!["attributes"]!.AsArray();
        Assert.Equal(["username", "email", "firstName", "lastName", "tenant"], declared.Select(static a => a!["name"]!.GetValue<string>()));
        var tenant = declared[^1]!;
        Assert.Equal(["admin"], RealmFile.Strings(tenant["permissions"]!["edit"]));
        Assert.False(tenant["multivalued"]!.GetValue<bool>());
        Assert.Equal("^[a-z0-9][a-z0-9-]{0,53}$", tenant["validations"]!["pattern"]!["pattern"]!.GetValue<string>());
        Assert.Equal(54, tenant["validations"]!["length"]!["max"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nobody_signs_in_to_the_platform_without_a_one_time_code_whatever_a_client_asks_for(bool development)
    {
        var json = RealmFile.Read("ledger-platform", development).Json;
        Assert.Equal("ledger-browser", json["browserFlow"]!.GetValue<string>());
        Assert.Equal("""{"otp": "1"}""", json["attributes"]!["acr.loa.map"]!.GetValue<string>());
        Assert.Equal(["ALTERNATIVE auth-cookie", "ALTERNATIVE ledger-browser-levels"], Steps(json, "ledger-browser"));
        Assert.Equal(["CONDITIONAL ledger-level-1"], Steps(json, "ledger-browser-levels"));
        Assert.Equal(["REQUIRED conditional-level-of-authentication", "REQUIRED auth-username-password-form", "REQUIRED auth-otp-form"],
            Steps(json, "ledger-level-1"));
        Assert.Equal("1", json["authenticatorConfig"]!.AsArray().Single()!["config"]!["loa-condition-level"]!.GetValue<string>());
    }

    [Theory, MemberData(nameof(Files))]
    public void Whoever_knows_a_name_locks_its_owner_out_for_a_quarter_of_an_hour_at_most(string realm, bool development)
    {
        var json = RealmFile.Read(realm, development).Json;
        Assert.True(json.ContainsKey("permanentLockout") && !RealmFile.Is(json, "permanentLockout"));
        Assert.InRange(json["waitIncrementSeconds"]!.GetValue<int>(), 30, 900);
        Assert.InRange(json["maxFailureWaitSeconds"]!.GetValue<int>(), 60, 900);
    }

    [Theory, MemberData(nameof(Files))]
    public void Only_addresses_of_browsers_have_a_default_and_so_a_forgotten_tenant_is_no_tenant(string realm, bool development)
    {
        var file = RealmFile.Read(realm, development);
        Assert.All(Placeholder().Matches(file.Text), static match =>
            Assert.Equal(match.Groups["name"].Value is "LEDGER_PORTAL_URL" or "LEDGER_CONSOLE_URL", match.Groups["default"].Success));
        Assert.Equal(realm == "ledger", file.Text.Contains("\"${LEDGER_MACHINE_TENANT}\"", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Files))]
    public void No_operator_approves_a_sign_in_that_somebody_else_began(string realm, bool development)
    {
        var devices = RealmFile.Read(realm, development).Callers
            .Where(static client => client["attributes"]?["oauth2.device.authorization.grant.enabled"]?.GetValue<string>() == "true");
        Assert.Equal(realm == "ledger" ? ["ledger-cli"] : [], devices.Select(static client => client["clientId"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("ledger", "demo-admin", "demo-tech", "demo-auditor", "other-tech")]
    [InlineData("ledger-platform", "plat-admin", "plat-billing")]
    public void Production_has_nobody_and_development_differs_in_the_demo_people_alone(string realm, params string[] people)
    {
        var (production, development) = (RealmFile.Read(realm), RealmFile.Read(realm, development: true));
        Assert.All(production.Users, static user => Assert.True(user.ContainsKey("serviceAccountClientId")));

        foreach (var name in people)
            development.Json["users"]!.AsArray().Remove(development.User(name));

        Assert.True(JsonNode.DeepEquals(production.Json, development.Json));
    }

    /// <summary>Requirement and authenticator or sub flow of each step, in the order they are taken in.</summary>
    private static IEnumerable<string> Steps(JsonObject json, string flow) => json["authenticationFlows"]!.AsArray()
        .Single(f => f!["alias"]!.GetValue<string>() == flow)!["authenticationExecutions"]!.AsArray()
        .OrderBy(static e => e!["priority"]!.GetValue<int>())
        .Select(static e => $"{e!["requirement"]} {e["authenticator"] ?? e["flowAlias"]}");

    [GeneratedRegex(@"^\$\{LEDGER_[A-Z_]+_(SECRET|PASSWORD|TOTP)\}$")]
    private static partial Regex Secret();

    [GeneratedRegex(@"_(SECRET|PASSWORD|TOTP)$")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)(?<default>:[^}]*)?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\$\{LEDGER_(PORTAL|CONSOLE)_URL:http://localhost:\d+\}(/signin-oidc|/signed-out)?$")]
    private static partial Regex Loopback();
}
