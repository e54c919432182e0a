using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Ledger.Verify.Signing;

namespace Ledger.Api.Tests.Attestations;

public class AttestationKeyTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Path = "/api/v1/attestation-keys";

    [PostgresTheory]
    [InlineData(true, "ed25519")]
    [InlineData(false, "ecdsa-p256")]
    public async Task A_key_is_registered_once_read_back_and_revoked_for_good(bool edwards, string algorithm)
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = edwards ? Attestor.Edwards() : Attestor.Ecdsa();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var made = await admin.PostAsJsonAsync(Path, new { name = "CI of \u00e4", public_key = attestor.Pem });
        var key = await made.JsonAsync(HttpStatusCode.Created);
        Assert.Equal($"{Path}/{attestor.KeyId}", made.Headers.Location!.ToString());
        Assert.Equal((attestor.KeyId, "CI of \u00e4", algorithm, attestor.Pem), (Text(key, "id"), Text(key, "name"), Text(key, "algorithm"),
            Text(key, "public_key")));
        Assert.Equal(edwards ? SshFingerprint.OfEd25519(attestor.Spki.AsSpan(12)) : SshFingerprint.OfEcdsaP256(attestor.Spki),
            Text(key, "ssh_fingerprint"));
        Assert.Equal(JsonValueKind.Null, key.GetProperty("revoked_at").ValueKind);

        using var again = await admin.PostAsJsonAsync(Path, new { name = "CI of \u00e4", public_key = attestor.Pem });
        Assert.Equal(key.GetRawText(), (await again.JsonAsync()).GetRawText());
        using var renamed = await admin.PostAsJsonAsync(Path, new { name = "other", public_key = attestor.Pem });
        await renamed.IsProblemAsync(ProblemTypes.AttestationKeyExists, "public_key");

        for (var i = 0; i < 2; i++)
        {
            using var revoked = await admin.DeleteAsync(new Uri($"{Path}/{attestor.KeyId}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        }
        Assert.NotEqual(JsonValueKind.Null, (await admin.GetJsonAsync($"{Path}/{attestor.KeyId}")).GetProperty("revoked_at").ValueKind);
        using var anew = await admin.PostAsJsonAsync(Path, new { name = "CI of \u00e4", public_key = attestor.Pem });
        await anew.IsProblemAsync(ProblemTypes.AttestationKeyExists, "public_key");
    }

    [PostgresFact]
    public async Task Registering_and_revoking_are_audited_once_each()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = Attestor.Ecdsa();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        for (var i = 0; i < 2; i++) (await admin.PostAsJsonAsync(Path, new { name = "ci", public_key = attestor.Pem })).Dispose();
        for (var i = 0; i < 2; i++) (await admin.DeleteAsync(new Uri($"{Path}/{attestor.KeyId}", UriKind.Relative))).Dispose();
        await ledger.DrainAuditAsync();
        await using var events = ledger.Owner.CreateCommand($"""
            SELECT string_agg(e.subject, ',' ORDER BY e.seq)
              FROM ledger.chain_entries e JOIN ledger.entry_meta m USING (tenant_id, epoch, seq)
             WHERE e.tenant_id = 'platform-audit' AND convert_from(m.meta, 'UTF8') LIKE '%{attestor.KeyId}%'
            """);
        Assert.Equal("attestation-key.register,attestation-key.revoke", await events.ExecuteScalarAsync());
    }

    [PostgresFact]
    public async Task Keys_are_listed_page_by_page_the_oldest_first()
    {
        var tenant = await ledger.AddTenantAsync();
        var attestors = Enumerable.Range(0, 5).Select(_ => Attestor.Ecdsa()).ToList();
        foreach (var attestor in attestors) await attestor.RegisteredAsync(ledger, tenant);
        using var reader = ledger.ClientFor(tenant, "AUDITOR");
        var (seen, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await reader.GetJsonAsync($"{Path}?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(key => Text(key, "id")));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(attestors.Select(attestor => attestor.KeyId), seen);
        attestors.ForEach(attestor => attestor.Dispose());
    }

    [PostgresFact]
    public async Task A_tenant_has_at_most_100_unrevoked_keys()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = Attestor.Ecdsa();
        await ledger.TamperAsync($"""
            INSERT INTO attestation_keys (tenant_id, key_id, ssh_key_id, name, algorithm, spki, registered_at)
            SELECT '{tenant}', lpad(to_hex(i), 64, '0'), 'SHA256:', 'k', 'ed25519', '', now() FROM generate_series(1, 100) i
            """);
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var over = await admin.PostAsJsonAsync(Path, new { name = "ci", public_key = attestor.Pem });
        await over.IsProblemAsync(ProblemTypes.TooManyAttestationKeys);
        using var revoked = await admin.DeleteAsync(new Uri($"{Path}/{1:x64}", UriKind.Relative));
        using var now = await admin.PostAsJsonAsync(Path, new { name = "ci", public_key = attestor.Pem });
        await now.JsonAsync(HttpStatusCode.Created);
    }

    public static TheoryData<string, string, string?> BadBodies => new()
    {
        { "", "malformed-json", null },
        { "[]", "malformed-json", null },
        { "{}", "missing-field", "name" },
        { """{"name":"ci"}""", "missing-field", "public_key" },
        { """{"name":"ci","public_key":null}""", "missing-field", "public_key" },
        { """{"name":"ci","public_key":7}""", "invalid-field", "public_key" },
        { """{"name":"","public_key":"x"}""", "invalid-field", "name" },
        { $$"""{"name":"{{new string('a', 257)}}","public_key":"x"}""", "invalid-field", "name" },
        { """{"name":"a\u0000","public_key":"x"}""", "invalid-text", "name" },
        { """{"name":"\ud800","public_key":"x"}""", "invalid-text", "name" },
        { """{"name":"ci","name":"ci","public_key":"x"}""", "duplicate-field", "name" },
        { """{"name":"ci","public_key":"x","revoked":true}""", "unknown-field", "revoked" },
        { """{"name":"ci","public_key":"x"}""", "invalid-attestation-key", "public_key" },
        { Body(Pem(ECDsa.Create(ECCurve.NamedCurves.nistP384).ExportSubjectPublicKeyInfo())), "invalid-attestation-key", "public_key" },
        { Body(Pem(RSA.Create(2048).ExportSubjectPublicKeyInfo())), "invalid-attestation-key", "public_key" },
        { Body(Pem(OffCurve())), "invalid-attestation-key", "public_key" },
        { Body(ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem()), "invalid-attestation-key", "public_key" },
    };

    [PostgresTheory]
    [MemberData(nameof(BadBodies))]
    public async Task What_is_no_key_is_refused_and_named(string body, string slug, string? field)
    {
        var tenant = await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var answer = await admin.PostAsync(Path, Answers.Json(body));
        await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
        Assert.Equal(0, await ledger.CountAsync("attestation_keys", tenant));
    }

    [PostgresFact]
    public async Task A_body_over_its_limit_is_refused()
    {
        using var admin = ledger.ClientFor(await ledger.AddTenantAsync(), "CLIENT_ADMIN");
        using var answer = await admin.PostAsync(Path, Answers.Json(new string(' ', 16 * 1024 + 1)));
        await answer.IsProblemAsync(ProblemTypes.PayloadTooLarge);
    }

    private static string Text(JsonElement key, string name) => key.GetProperty(name).GetString()!;

    private static string Pem(byte[] spki) => Spki.ToPem(spki);

    private static string Body(string pem) => JsonSerializer.Serialize(new { name = "ci", public_key = pem });

    private static byte[] OffCurve()
    {
        var spki = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportSubjectPublicKeyInfo();
        spki[^1] ^= 1;
        return spki;
    }
}
