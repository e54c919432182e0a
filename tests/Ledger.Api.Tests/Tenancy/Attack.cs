using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Api.Tests.ApiKeys;
using Ledger.Api.Tests.Fixture;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>What an attacker of one tenant has in hand: tokens that are right but for one thing.</summary>
internal sealed class Attack(AttackedLedger ledger, string tenant, string foreign, string foreignEntry)
{
    public const string StrangersAddress = "http://127.0.0.1:9/stranger";

    public AttackedLedger Ledger { get; } = ledger;

    public string Tenant { get; } = tenant;

    public string Foreign { get; } = foreign;

    public long Now { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public static async Task<Attack> MakeAsync(AttackedLedger ledger)
    {
        var (tenant, foreign) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        return new Attack(ledger, tenant, foreign, (await ledger.AppendAsync(foreign)).Id);
    }

    /// <summary>With the scheme; see <see cref="AddKeyAsync"/>.</summary>
    public string Key { get; private set; } = "";

    public string Good() => Signed();

    public string Signed(Action<JsonObject>? change = null, string algorithm = "RS256", string? keyId = null,
        Action<JsonObject>? header = null) =>
        "Bearer " + Ledger.Token(Tenant, change, algorithm, keyId, header);

    public string WithRoles(params string[] roles) => Signed(claims =>
        claims["realm_access"] = new JsonObject { ["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]) });

    /// <summary>As Keycloak gives them for client_credentials: no session, the account's own name.</summary>
    public string Machine(Action<JsonObject>? change = null) => Signed(claims =>
    {
        claims.Remove("sid");
        claims.Remove("auth_time");
        claims["azp"] = "nightly-import";
        claims["preferred_username"] = "service-account-nightly-import";
        change?.Invoke(claims);
    });

    public string Operator() => ByPlatform("PLATFORM_ADMIN", null);

    public string ByPlatform(string role, string? named) => "Bearer " + Ledger.Platform.Token(named, role);

    public string WithHeader(string json) => Put(0, Encode(json));

    public string WithClaims(string json) => Put(1, Encode(json));

    public string WithSignatureOf(string other) => Put(2, other.Split('.')[2]);

    /// <summary>Signed with a key of the attacker's, which the header brings along or says where to find.</summary>
    public string ByStranger(string way)
    {
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(false);
        var input = Signed(header: header =>
        {
            header["kid"] = "stranger";
            header[way] = way != "jwk" ? StrangersAddress : new JsonObject
            {
                ["kty"] = "RSA", ["kid"] = "stranger", ["alg"] = "RS256", ["use"] = "sig", ["n"] = Base64Url.EncodeToString(key.Modulus),
                ["e"] = Base64Url.EncodeToString(key.Exponent),
            };
        })["Bearer ".Length..];
        input = input[..input.LastIndexOf('.')];
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"Bearer {input}.{Base64Url.EncodeToString(signature)}";
    }

    public Task SuspendAsync() => RunAsync(
        $"UPDATE ledger.tenants SET state = 'suspended', suspended_at = now(), suspended_reason = 'unpaid' WHERE tenant_id = '{Tenant}'");

    public Task DisableAsync(string subject) => RunAsync($"""
        INSERT INTO ledger.people (tenant_id, id, subject, email, first_name, last_name, role, joined_at, created_at, changed_at)
        VALUES ('{Tenant}', gen_random_uuid(), '{subject}', 'm@example.com', 'M', 'M', 'CLIENT_ADMIN', now(), now(), now())
        """);

    public async Task AddKeyAsync(string change)
    {
        using var admin = Ledger.Api.Client(Good()["Bearer ".Length..]);
        var key = await admin.AddKeyAsync(new { name = "ci", scopes = TestKeys.AllScopes });
        Key = "Bearer " + key.Whole;
        await RunAsync($"UPDATE ledger.api_keys SET {change} WHERE tenant_id = '{Tenant}' AND id = '{key.Id}'");
    }

    public async Task<HttpResponseMessage> SendAsync(AttackTests.Row row)
    {
        var parts = row.Operation.Split(' ', 2);
        var path = parts[1].Replace("{foreign entry}", foreignEntry, StringComparison.Ordinal)
            .Replace("{foreign}", Foreign, StringComparison.Ordinal)
            .Replace("{token}", Good()["Bearer ".Length..], StringComparison.Ordinal);
        using var client = Ledger.Api.Client(null, row.From ?? AttackedLedger.Office);
        using var request = new HttpRequestMessage(HttpMethod.Parse(parts[0]), new Uri(path, UriKind.Relative));
        request.Content = parts[0] switch
        {
            "POST" => Answers.Json("""{"subject":"s","payload":"QQ=="}"""),
            "PUT" => Answers.Json("""{"anchor":"off"}"""),
            _ => null,
        };
        request.Headers.TryAddWithoutValidation("Authorization", row.Tokens(this));
        if (row.Forwarded is not null) request.Headers.TryAddWithoutValidation("X-Forwarded-For", row.Forwarded);
        return await client.SendAsync(request);
    }

    private async Task RunAsync(string sql)
    {
        await using var command = Ledger.Superuser.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private string Put(int part, string text)
    {
        var parts = Good().Split('.');
        parts[part] = part == 0 ? "Bearer " + text : text;
        return string.Join('.', parts);
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
