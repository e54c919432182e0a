using System.Net;
using System.Text.Json.Nodes;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>One row for each way in that must be shut: how it is tried, and the problem that answers. Every row changes one thing of a
/// request that would have passed, which the first test shows.</summary>
public class AttackTests(AttackedLedger ledger) : IClassFixture<AttackedLedger>
{
    private const string Read = "GET /entries", Write = "POST /append", Policy = "PUT /api/v1/policy",
        Admin = "GET /admin/api/v1/dead-letters";

    private static readonly Dictionary<string, Row> Table = new()
    {
        // No token, or not one
        ["no token"] = new(Read, ProblemTypes.Unauthenticated, _ => []),
        ["a token in the query"] = new("GET /entries?access_token={token}", ProblemTypes.Unauthenticated, _ => []),
        ["two Authorization headers, both good"] = new(Read, ProblemTypes.Unauthenticated, a => [a.Good(), a.Good()]),
        ["two Authorization headers, one good"] = new(Read, ProblemTypes.Unauthenticated, a => ["Bearer rubbish", a.Good()]),
        ["two tokens in one header"] = Bad(a => $"{a.Good()}, {a.Good()}"),
        ["another scheme"] = Bad(a => "Basic " + a.Good()["Bearer ".Length..]),
        ["rubbish"] = Bad(_ => "Bearer rubbish"),
        ["three empty parts"] = Bad(_ => "Bearer .."),
        ["header that is no object"] = Bad(a => a.WithHeader("[]")),
        ["header that is no JSON"] = Bad(a => a.WithHeader("{")),
        ["header whose kid is an object"] = Bad(a => a.Signed(header: h => h["kid"] = new JsonObject())),
        ["header whose alg is a list"] = Bad(a => a.Signed(header: h => h["alg"] = new JsonArray("RS256"))),
        ["claims that are no object"] = Bad(a => a.WithClaims("[1]")),
        ["encrypted, in five parts"] = Bad(a => a.Good() + ".AAAA.AAAA"),
        ["of 17 KiB"] = Bad(a => a.Signed(c => c["pad"] = new string('x', 12_800))),

        // Signature (RFC 7515, RFC 8725)
        ["alg none"] = Bad(a => a.Signed(algorithm: "none")),
        ["alg none in other letters"] = Bad(a => a.Signed(algorithm: "nOnE")),
        ["HS256 with the public key as secret"] = Bad(a => a.Signed(algorithm: "HS256", keyId: "rsa")),
        ["PS256"] = Bad(a => a.Signed(algorithm: "PS256", keyId: "rsa")),
        ["RS256 said of an ES256 signature"] = Bad(a => a.Signed(algorithm: "ES256", keyId: "ec", header: h => h["alg"] = "RS256")),
        ["ES256 under the kid of the RSA key"] = Bad(a => a.Signed(algorithm: "ES256", keyId: "rsa")),
        ["signature of another token"] = Bad(a => a.WithSignatureOf(a.Signed(c => c["sub"] = "bob"))),
        ["signature cut short"] = Bad(a => a.Good()[..^20]),
        ["no signature"] = Bad(a => a.Good()[..(a.Good().LastIndexOf('.') + 1)]),
        ["unknown kid"] = Bad(a => a.Signed(keyId: "other")),
        ["no kid"] = Bad(a => a.Signed(header: h => h.Remove("kid"))),
        ["kid that is a path"] = Bad(a => a.Signed(keyId: "../../../../dev/null")),
        ["kid of 300 characters"] = Bad(a => a.Signed(keyId: new string('k', 300))),
        ["a key of its own in jwk"] = Bad(a => a.ByStranger("jwk")),
        ["a key set of its own at jku"] = Bad(a => a.ByStranger("jku")),
        ["a certificate of its own at x5u"] = Bad(a => a.ByStranger("x5u")),
        ["a critical header"] = Bad(a => a.Signed(header: h => h["crit"] = new JsonArray("exp"))),
        ["an ID token"] = Bad(a => a.Signed(c => c["typ"] = "ID")),
        ["a logout token"] = Bad(a => a.Signed(header: h => h["typ"] = "logout+jwt")),
        ["a token bound to a key"] = Bad(a => a.Signed(c => c["cnf"] = new JsonObject { ["jkt"] = "x" })),

        // Claims
        ["expired"] = Bad(a => a.Signed(c => c["exp"] = a.Now - 31)),
        ["no expiry"] = Bad(a => a.Signed(c => c.Remove("exp"))),
        ["expiry as text"] = Bad(a => a.Signed(c => c["exp"] = "never")),
        ["expiry beyond all calendars"] = Bad(a => a.Signed(c => c["exp"] = -1e300)),
        ["not yet valid"] = Bad(a => a.Signed(c => c["nbf"] = a.Now + 300)),
        ["other issuer"] = Bad(a => a.Signed(c => c["iss"] = "https://elsewhere.example/realms/ledger")),
        ["the issuer with a slash more"] = Bad(a => a.Signed(c => c["iss"] = a.Ledger.Issuer.Issuer + "/")),
        ["no issuer"] = Bad(a => a.Signed(c => c.Remove("iss"))),
        ["the other realm's name over our key"] = Bad(a => a.Signed(c => c["iss"] = a.Ledger.Platform.Issuer)),
        ["other audience"] = Bad(a => a.Signed(c => c["aud"] = "account")),
        ["no audience"] = Bad(a => a.Signed(c => c.Remove("aud"))),
        ["wrong azp"] = Bad(a => a.Signed(c => c["azp"] = "somebody-elses-app")),
        ["no azp"] = Bad(a => a.Signed(c => c.Remove("azp"))),
        ["two azp"] = Bad(a => a.Signed(c => c["azp"] = new JsonArray("ledger-cli", "other"))),
        ["two subjects"] = Bad(a => a.Signed(c => c["sub"] = new JsonArray("alice", "bob"))),
        ["a subject in a list"] = Bad(a => a.Signed(c => c["sub"] = new JsonArray("alice"))),
        ["a client in a list"] = Bad(a => a.Signed(c => c["azp"] = new JsonArray("ledger-cli"))),
        ["an empty subject"] = Bad(a => a.Signed(c => c["sub"] = "")),
        ["a subject of 300 characters"] = Bad(a => a.Signed(c => c["sub"] = new string('s', 300))),

        // Roles
        ["the tenants' realm makes a platform administrator"] = new(Admin, ProblemTypes.Forbidden, a => [a.WithRoles("PLATFORM_ADMIN")]),
        ["the operators' realm makes a tenant's administrator"] = new(Read, ProblemTypes.Forbidden,
            a => [a.ByPlatform("CLIENT_ADMIN", a.Tenant)]),
        ["roles outside realm_access"] = new(Read, ProblemTypes.Forbidden, a => [a.Signed(c =>
        {
            c["realm_access"] = new JsonObject();
            foreach (var name in new[] { "roles", "role", "scope", "urn:ledger:role", "urn:ledger:scope",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/role" })
                c[name] = new JsonArray("CLIENT_ADMIN", "entries:read");
        })]),
        ["a scope that the issuer may not give"] = new(Read, ProblemTypes.Forbidden, a => [a.WithRoles("entries:read")]),
        ["an auditor who writes"] = new(Write, ProblemTypes.Forbidden, a => [a.WithRoles("AUDITOR")]),

        // Tenant
        ["no tenant"] = new(Read, ProblemTypes.TenantRequired, a => [a.Signed(c => c.Remove("tenant"))]),
        ["two tenants"] = new(Read, ProblemTypes.TenantRequired, a => [a.Signed(c => c["tenant"] = new JsonArray(a.Tenant, a.Foreign))]),
        ["a tenant in a list"] = new(Read, ProblemTypes.TenantRequired, a => [a.Signed(c => c["tenant"] = new JsonArray(a.Tenant))]),
        ["a tenant in a list in a list"] = new(Read, ProblemTypes.TenantRequired,
            a => [a.Signed(c => c["tenant"] = new JsonArray(new JsonArray(a.Tenant)))]),
        ["a tenant in an object"] = new(Read, ProblemTypes.TenantRequired,
            a => [a.Signed(c => c["tenant"] = new JsonObject { ["tenant"] = a.Tenant })]),
        ["a tenant that is not of this ledger"] = new(Read, ProblemTypes.TenantRequired,
            a => [a.Signed(c => c["tenant"] = "no-such-tenant")]),
        ["another tenant's entry"] = new("GET /entries/{foreign entry}", ProblemTypes.NotFound, a => [a.Good()]),
        ["another tenant's log"] = new("GET /log/{foreign}/checkpoint", ProblemTypes.NotFound, a => [a.Good()]),
        ["a suspended tenant writes"] = new(Write, ProblemTypes.TenantSuspended, a => [a.Good()], a => a.SuspendAsync()),
        ["a disabled person"] = new(Read, ProblemTypes.Unauthenticated, a => [a.Signed(c => c["sub"] = "mallory")],
            a => a.DisableAsync("mallory")),

        // API keys
        ["a revoked key"] = Key(Read, ProblemTypes.Unauthenticated, "revoked_at = now(), revoked_by = 'x'"),
        ["an expired key"] = Key(Read, ProblemTypes.Unauthenticated, "expires_at = now() - interval '1 second'"),
        ["a key with another's secret"] = Key(Read, ProblemTypes.Unauthenticated, "hash = sha256('x')"),
        ["a key without the scope"] = Key(Read, ProblemTypes.Forbidden, "scopes = ARRAY['entries:write']"),
        ["a key with proofs' scopes alone"] = Key(Write, ProblemTypes.Forbidden, "scopes = ARRAY['proofs:read', 'proofs:write']"),
        ["a key on an admin endpoint"] = Key(Admin, ProblemTypes.Forbidden, "name = name"),
        ["a key that administers"] = Key(Policy, ProblemTypes.Forbidden, "name = name"),
        ["a key that makes keys"] = Key("POST /api/v1/api-keys", ProblemTypes.Forbidden, "name = name"),
        ["a key that names another tenant"] = new(Read, ProblemTypes.Unauthenticated, a => [a.Key.Replace(a.Tenant, a.Foreign,
            StringComparison.Ordinal)], a => a.AddKeyAsync("name = name")),
        ["two keys in one header"] = new(Read, ProblemTypes.Unauthenticated, a => [$"{a.Key}, {a.Key}"], a => a.AddKeyAsync("name = name")),
        ["a key and a token"] = new(Read, ProblemTypes.Unauthenticated, a => [a.Key, a.Good()], a => a.AddKeyAsync("name = name")),
        ["no key but its beginning"] = Bad(_ => "Bearer lgk_"),

        // Place
        ["operating from elsewhere"] = new(Admin, ProblemTypes.AddressNotAllowed, a => [a.Operator()], From: AttackedLedger.Elsewhere),
        ["X-Forwarded-For from nobody's proxy"] = new(Admin, ProblemTypes.AddressNotAllowed, a => [a.Operator()],
            From: AttackedLedger.Elsewhere, Forwarded: AttackedLedger.Office),
        ["X-Forwarded-For before what the proxy adds"] = new(Admin, ProblemTypes.AddressNotAllowed, a => [a.Operator()],
            From: AttackedLedger.Proxy, Forwarded: $"{AttackedLedger.Office}, {AttackedLedger.Elsewhere}"),

        // Freshness (RFC 9470)
        ["a sensitive act after an old sign-in"] = Old(a => a.Signed(c => c["auth_time"] = a.Now - 905)),
        ["a sensitive act after no sign-in"] = Old(a => a.Signed(c => c.Remove("auth_time"))),
        ["a sign-in from the future"] = Old(a => a.Signed(c => c["auth_time"] = a.Now + 300)),
        ["a sign-in as text"] = Old(a => a.Signed(c => c["auth_time"] = $"{a.Now}")),
        ["two sign-ins"] = Old(a => a.Signed(c => c["auth_time"] = new JsonArray(a.Now, a.Now - 9000))),
        ["a person through the client that is exempt"] = Old(a => a.Machine(c => c["sid"] = "u76kNa_0pa")),
        ["another name through the client that is exempt"] = Old(a => a.Machine(c => c["preferred_username"] = "alice")),
        ["a service account that is not exempt"] = Old(a => a.Machine(c =>
        {
            c["azp"] = "ledger-cli";
            c["preferred_username"] = "service-account-ledger-cli";
        })),
    };

    public static TheoryData<string> Rows => [.. Table.Keys];

    [PostgresTheory]
    [MemberData(nameof(Rows))]
    public async Task The_way_in_is_shut(string how)
    {
        var (row, attack) = (Table[how], await Attack.MakeAsync(ledger));
        if (row.Before is not null) await row.Before(attack);
        using var answer = await attack.SendAsync(row);
        await answer.IsProblemAsync(row.Answer);
        var challenge = answer.Headers.WwwAuthenticate.ToString();
        Assert.Equal(row.Answer == ProblemTypes.FreshSignInRequired ? "Bearer error=\"insufficient_user_authentication\", max_age=\"900\""
            : row.Answer != ProblemTypes.Unauthenticated ? ""
            : row.Tokens(attack).Length == 0 ? "Bearer" : "Bearer error=\"invalid_token\"",
            challenge);
    }

    public static TheoryData<string> Honest =>
        ["an administrator", "by ES256", "a key", "a machine that is exempt", "an operator", "an operator by proxy"];

    [PostgresTheory]
    [MemberData(nameof(Honest))]
    public async Task The_honest_request_beside_it_passes(string who)
    {
        var attack = await Attack.MakeAsync(ledger);
        Row[] rows = who switch
        {
            "an operator" => [new(Admin, ProblemTypes.Internal, a => [a.Operator()], From: AttackedLedger.Office)],
            "an operator by proxy" => [new(Admin, ProblemTypes.Internal, a => [a.Operator()], From: AttackedLedger.Proxy,
                Forwarded: $"{AttackedLedger.Elsewhere}, {AttackedLedger.Office}")],
            "a key" => [new(Read, ProblemTypes.Internal, a => [a.Key]), new(Write, ProblemTypes.Internal, a => [a.Key])],
            "by ES256" => [new(Read, ProblemTypes.Internal, a => [a.Signed(algorithm: "ES256")])],
            "a machine that is exempt" => [new(Policy, ProblemTypes.Internal, a => [a.Machine()])],
            _ => [.. new[] { Read, Write, Policy }.Select(operation => new Row(operation, ProblemTypes.Internal, a => [a.Good()]))],
        };
        await attack.AddKeyAsync("name = name");
        foreach (var row in rows)
        {
            using var answer = await attack.SendAsync(row);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent,
                $"{row.Operation}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [PostgresFact]
    public async Task No_attack_makes_a_fault_of_the_ledger_or_asks_an_address_in_a_token()
    {
        var attack = await Attack.MakeAsync(ledger);
        foreach (var row in Table.Values.Where(row => row.Before is null))
        {
            using var answer = await attack.SendAsync(row);
            Assert.InRange((int)answer.StatusCode, 400, 404);
        }
        Assert.DoesNotContain(Attack.StrangersAddress, ledger.Api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("unhandled", ledger.Api.Log.Text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A token that is not valid.</summary>
    private static Row Bad(Func<Attack, string> token) => new(Read, ProblemTypes.Unauthenticated, a => [token(a)]);

    /// <summary>A key with every scope, whose row is changed.</summary>
    private static Row Key(string operation, ProblemType answer, string change) =>
        new(operation, answer, a => [a.Key], a => a.AddKeyAsync(change));

    /// <summary>A token of somebody who would have to sign in again.</summary>
    private static Row Old(Func<Attack, string> token) => new(Policy, ProblemTypes.FreshSignInRequired, a => [token(a)]);

    /// <param name="Operation">Method and path; {token}, {foreign} and {foreign entry} are filled in.</param>
    /// <param name="Tokens">The request's Authorization headers.</param>
    /// <param name="Before">What happens first.</param>
    /// <param name="From">The peer's address; null: the office.</param>
    internal sealed record Row(string Operation, ProblemType Answer, Func<Attack, string[]> Tokens, Func<Attack, Task>? Before = null,
        string? From = null, string? Forwarded = null);
}
