using System.Net;
using System.Text;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Ledger.Verify;

namespace Ledger.Api.Tests.Attestations;

/// <summary>What is no attestation is refused before anything is written.</summary>
public class RefusedAttestationTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private static readonly string Good = Attestor.Statement(Digest.Sha256("app"u8));

    [PostgresTheory]
    [InlineData("", "malformed-json")]
    [InlineData("x", "malformed-json")]
    [InlineData("{} {}", "malformed-json")]
    [InlineData("[]", "invalid-envelope")]
    [InlineData("{}", "invalid-envelope")]
    [InlineData("""{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[]}""", "invalid-envelope")]
    [InlineData("""{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":""}]}""", "invalid-envelope")]
    [InlineData("""{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"AA=="},{"sig":"AA=="}]}""",
        "invalid-envelope", "signatures")]
    [InlineData("""{"payloadType":"application/vnd.in-toto+json","payload":"e30","signatures":[{"sig":"AA=="}]}""", "invalid-envelope")]
    [InlineData("""{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"AB=="}]}""", "invalid-envelope")]
    [InlineData("""{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"AA=="}],"x":1}""",
        "invalid-envelope")]
    [InlineData("""{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"AA==","cert":"x"}]}""",
        "invalid-envelope")]
    [InlineData("""{"payloadType":"t","payload":"e30=","payload":"e30=","signatures":[{"sig":"AA=="}]}""", "duplicate-field")]
    [InlineData("""{"payloadType":"text/plain","payload":"e30=","signatures":[{"sig":"AA=="}]}""", "invalid-statement", "payloadType")]
    public async Task A_body_that_is_no_envelope_is_refused(string body, string slug, string? field = null)
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/attestations", Answers.Json(body));
        await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
        Assert.Equal(0, await ledger.CountAsync("chain_entries", tenant));
    }

    public static TheoryData<string> BadStatements => new()
    {
        "", "x", "[]", "{}", "null",
        Good.Replace("Statement/v1", "Statement/v2", StringComparison.Ordinal),
        Good.Replace("\"predicateType\":\"https://openvex.dev/ns/v0.2.0\",", "", StringComparison.Ordinal),
        Good.Replace("https://openvex.dev/ns/v0.2.0", new string('a', 1025), StringComparison.Ordinal),
        Good.Replace("\"subject\":[", "\"subject\":[],\"other\":[", StringComparison.Ordinal),
        Good.Replace("\"subject\":[", "\"subject\":[{}],\"other\":[", StringComparison.Ordinal),
        Good.Replace("\"subject\":[", "\"subject\":[{\"digest\":{}}],\"other\":[", StringComparison.Ordinal),
        Good.Replace("\"subject\":[", "\"subject\":[{\"digest\":{\"sha256\":\"00\"}}],\"other\":[", StringComparison.Ordinal),
        Good.Replace("\"predicateType\"", "\"subject\":[],\"predicateType\"", StringComparison.Ordinal), // twice
        Good.Replace("https://openvex.dev/ns/v0.2.0", "\\ud800", StringComparison.Ordinal),
        Good.Replace("\"predicate\":{", $"\"predicate\":{{\"a\":{new string('[', 70)}{new string(']', 70)},", StringComparison.Ordinal),
        Attestor.Statement([.. Enumerable.Range(0, 1001).Select(i => Digest.Sha256(BitConverter.GetBytes(i)))]),
    };

    [PostgresTheory]
    [MemberData(nameof(BadStatements))]
    public async Task A_payload_that_is_no_statement_is_refused_however_well_it_is_signed(string statement)
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/attestations", Answers.Json(attestor.Envelope(statement)));
        await answer.IsProblemAsync(ProblemTypes.InvalidStatement, "payload");
        Assert.Equal(0, await ledger.CountAsync("attestations", tenant));
    }

    [PostgresTheory]
    [InlineData("{\"_type\":\"https://in-toto.io/Statement/v0.1\"")]
    [InlineData("{\"_type\":\"https://in-toto.io/Statement/v1\"")]
    public async Task Both_versions_of_statements_are_taken_and_a_subject_may_have_another_digest(string head)
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        const string rest = """
            ,"subject":[{"name":"a","digest":{"gitCommit":"00"}}],"predicateType":"t","predicate":{}}
            """;
        using var answer = await client.PostAsync("/attestations", Answers.Json(attestor.Envelope(head + rest, keyId: null)));
        await answer.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(0, await ledger.CountAsync("attestation_subjects", tenant));
    }

    [PostgresFact]
    public async Task A_signature_must_be_over_these_bytes_by_a_registered_key()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var unknown = Attestor.Ecdsa();
        using var client = ledger.ClientFor(tenant);
        var (good, other) = (attestor.Envelope(Good), Attestor.Statement(Digest.Sha256("other"u8)));
        foreach (var bad in new[]
        {
            unknown.Envelope(Good),
            good.Replace(Convert.ToBase64String(Encoding.UTF8.GetBytes(Good)), Convert.ToBase64String(Encoding.UTF8.GetBytes(other)),
                StringComparison.Ordinal),
        })
        {
            using var answer = await client.PostAsync("/attestations", Answers.Json(bad));
            await answer.IsProblemAsync(ProblemTypes.AttestationSignatureInvalid, "signatures[0].sig");
        }
        using var fine = await client.PostAsync("/attestations", Answers.Json(good));
        await fine.JsonAsync(HttpStatusCode.Created);
    }

    [PostgresFact]
    public async Task A_keyid_is_the_keys_id_or_its_ssh_fingerprint_or_none()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var second = await Attestor.Edwards().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        var ssh = (await client.GetJsonAsync($"/api/v1/attestation-keys/{attestor.KeyId}")).GetProperty("ssh_fingerprint").GetString();
        foreach (var keyId in new[] { null, "", attestor.KeyId, ssh })
        {
            using var answer = await client.PostAsync("/attestations", Answers.Json(attestor.Envelope(Good, keyId)));
            await answer.JsonAsync(HttpStatusCode.Created);
        }
        using var named = await client.PostAsync("/attestations", Answers.Json(attestor.Envelope(Good, "ci")));
        await named.IsProblemAsync(ProblemTypes.AttestationKeyUnknown, "signatures[0].keyid");
        using var another = await client.PostAsync("/attestations", Answers.Json(attestor.Envelope(Good, second.KeyId)));
        await another.IsProblemAsync(ProblemTypes.AttestationSignatureInvalid, "signatures[0].sig");
    }

    [PostgresFact]
    public async Task A_revoked_key_signs_nothing_more_and_what_it_signed_stays()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Edwards().RegisteredAsync(ledger, tenant);
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        var envelope = attestor.Envelope(Good);
        using var before = await admin.PostAsync("/attestations", Answers.Json(envelope));
        using var revoked = await admin.DeleteAsync(new Uri($"/api/v1/attestation-keys/{attestor.KeyId}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var again = await admin.PostAsync("/attestations", Answers.Json(envelope));
        await again.JsonAsync();
        using var after = await admin.PostAsync("/attestations", Answers.Json(attestor.Envelope(Attestor.Statement(Digest.Sha256("b"u8)))));
        await after.IsProblemAsync(ProblemTypes.AttestationSignatureInvalid, "signatures[0].sig");
        using var named = await admin.PostAsync("/attestations",
            Answers.Json(attestor.Envelope(Attestor.Statement(Digest.Sha256("b"u8)), attestor.KeyId)));
        await named.IsProblemAsync(ProblemTypes.AttestationKeyUnknown, "signatures[0].keyid");
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(before.Headers.Location)).StatusCode);
    }

    [PostgresFact]
    public async Task An_envelope_has_its_limit_and_its_media_types()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        var envelope = attestor.Envelope(Good);
        var most = 256 * 1024;
        using var over = await client.PostAsync("/attestations", Answers.Json(envelope + new string(' ', most - envelope.Length + 1)));
        await over.IsProblemAsync(ProblemTypes.PayloadTooLarge);
        using var text = await client.PostAsync("/attestations", new StringContent(envelope, Encoding.UTF8, "text/plain"));
        await text.IsProblemAsync(ProblemTypes.UnsupportedMediaType, "Content-Type");
        using var at = await client.PostAsync("/attestations", new StringContent(envelope + new string(' ', most - envelope.Length),
            Encoding.UTF8, "application/vnd.dsse.envelope.v1+json"));
        await at.JsonAsync(HttpStatusCode.Created);
    }

    [PostgresTheory]
    [InlineData("/attestations/x", "not-found", null)]
    [InlineData("/attestations/00000000000000000000000000000000000000000000000000000000000000AA", "not-found", null)]
    [InlineData("/attestations/0000000000000000000000000000000000000000000000000000000000000000", "not-found", null)]
    [InlineData("/attestations?subject_sha256=00", "invalid-parameter", "subject_sha256")]
    [InlineData("/attestations?subject=00", "invalid-parameter", "subject")]
    [InlineData("/attestations?cursor=x", "invalid-cursor", "cursor")]
    [InlineData("/attestations?limit=0", "invalid-parameter", "limit")]
    public async Task What_was_never_attested_is_not_there(string path, string slug, string? field)
    {
        using var client = ledger.ClientFor(await ledger.AddTenantAsync());
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
    }
}
