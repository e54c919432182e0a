using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Ledger.Verify;
using Ledger.Verify.Entries;
using Ledger.Verify.Verification;

namespace Ledger.Api.Tests.Attestations;

public class AttestationTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private static readonly Digest Subject = Digest.Sha256("app"u8);

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_envelope_is_chained_as_an_entry_and_given_back_to_the_byte(bool edwards)
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await (edwards ? Attestor.Edwards() : Attestor.Ecdsa()).RegisteredAsync(ledger, tenant);
        var envelope = "  " + attestor.Envelope(Attestor.Statement(Subject)) + "\n"; // the bytes as sent, not as understood
        var hash = Digest.Sha256(Encoding.UTF8.GetBytes(envelope));
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/attestations", Answers.Json(envelope));
        var receipt = await answer.JsonAsync(HttpStatusCode.Created);
        Assert.Equal($"/attestations/{hash}", answer.Headers.Location!.ToString());
        Assert.Equal($"sha256:{hash}", receipt.GetProperty("subject").GetString());
        Assert.Equal(hash.ToHex(), receipt.GetProperty("payload_hash").GetString());
        Assert.Empty(receipt.GetProperty("anchoring").EnumerateArray()); // no log is configured

        using var back = await client.GetAsync(new Uri($"/attestations/{hash}", UriKind.Relative));
        Assert.Equal(envelope, await back.Content.ReadAsStringAsync());
        Assert.Equal("application/vnd.dsse.envelope.v1+json", back.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"\"{hash}\"", back.Headers.ETag!.Tag);
        var id = receipt.GetProperty("id").GetString()!;
        Assert.Contains($"</entries/{id}>; rel=\"related\"", back.Headers.GetValues("Link").Single(), StringComparison.Ordinal);

        await ledger.CoverAsync();
        var (_, bundle) = await Trust.BundleAsync(ledger, tenant, id);
        Assert.Equal(Verdict.VerifiedNotAnchored, Trust.Judge(await Trust.OfAsync(ledger, tenant), bundle, hash).Verdict);
        Assert.True(Statement.TryParse(bundle.Envelope.Payload, out var statement, out _));
        Assert.Equal(PredicateTypes.Attestation, statement.PredicateType);
    }

    [PostgresFact]
    public async Task The_receipt_is_one_for_ledger_verify_once_anchoring_is_taken_out()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/attestations", Answers.Json(attestor.Envelope(Attestor.Statement(Subject))));
        var receipt = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        Assert.True(receipt.Remove("anchoring"));
        var canonical = new System.Text.Json.Nodes.JsonObject(receipt.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        var bytes = Encoding.UTF8.GetBytes(canonical.ToJsonString(new JsonSerializerOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }));
        Assert.True(Receipt.TryParse(bytes, out _, out var failure), failure.ToString());
    }

    [PostgresFact]
    public async Task The_same_bytes_again_are_the_same_attestation()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        var envelope = attestor.Envelope(Attestor.Statement(Subject));
        using var client = ledger.ClientFor(tenant);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var answer = await client.PostAsync("/attestations", Answers.Json(envelope));
            return (answer.StatusCode, Id: JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("id").GetString());
        }));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single(answers.Select(answer => answer.Id).Distinct());
        Assert.Equal(1, await ledger.CountAsync("chain_entries", tenant));
        Assert.Equal(1, await ledger.CountAsync("attestation_subjects", tenant));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/chain/proof?full=true", UriKind.Relative))).StatusCode);
    }

    [PostgresFact]
    public async Task Attestations_and_appends_share_group_commits_without_losing_any()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Edwards().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        var posts = Enumerable.Range(0, 40).Select(i => i % 2 == 0
            ? client.PostAsync("/append", Answers.Json("""{"subject":"s","payload":"QQ=="}"""))
            : client.PostAsync("/attestations", Answers.Json(attestor.Envelope(Attestor.Statement(Digest.Sha256([(byte)i]))))));
        foreach (var answer in await Task.WhenAll(posts)) Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(40, await ledger.CountAsync("chain_entries", tenant));
        Assert.Equal(20, await ledger.CountAsync("attestations", tenant));
        Assert.Equal(20, await ledger.CountAsync("attestation_subjects", tenant));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/chain/proof?full=true", UriKind.Relative))).StatusCode);
    }

    [PostgresFact]
    public async Task What_is_known_of_an_attestation_is_json_for_who_asks_for_that()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        var other = Digest.Sha256("lib"u8);
        using var client = ledger.ClientFor(tenant);
        using var posted = await client.PostAsync("/attestations", Answers.Json(attestor.Envelope(Attestor.Statement(Subject, other))));
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var known = await client.GetJsonAsync(posted.Headers.Location!.ToString());
        Assert.Equal(attestor.KeyId, known.GetProperty("key_id").GetString());
        Assert.Equal("https://openvex.dev/ns/v0.2.0", known.GetProperty("predicate_type").GetString());
        Assert.Equal(new[] { Subject.ToHex(), other.ToHex() }.Order(StringComparer.Ordinal),
            known.GetProperty("subject_sha256").EnumerateArray().Select(subject => subject.GetString()!));
        Assert.Equal(0, known.GetProperty("chain_seq").GetInt64());
        Assert.Empty(known.GetProperty("anchors").EnumerateArray());
    }

    [PostgresFact]
    public async Task Attestations_are_found_by_any_of_their_subjects_page_by_page()
    {
        var tenant = await ledger.AddTenantAsync();
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        var sent = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var subjects = i == 2 ? new[] { Digest.Sha256("else"u8) } : [Digest.Sha256([(byte)i]), Subject];
            using var answer = await client.PostAsync("/attestations", Answers.Json(attestor.Envelope(Attestor.Statement(subjects))));
            sent.Add((await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("payload_hash").GetString()!);
        }
        Assert.Equal([sent[4], sent[3], sent[1], sent[0]], await PagesAsync(client, $"/attestations?limit=3&subject_sha256={Subject}"));
        Assert.Equal([sent[2]], await PagesAsync(client, $"/attestations?subject_sha256={Digest.Sha256("else"u8)}"));
        Assert.Equal(sent.AsEnumerable().Reverse(), await PagesAsync(client, "/attestations?limit=2"));
        Assert.Empty(await PagesAsync(client, $"/attestations?subject_sha256={Digest.Sha256("nothing"u8)}"));

        var first = await client.GetJsonAsync($"/attestations?limit=1&subject_sha256={Subject}");
        using var elsewhere = await client.GetAsync(
            new Uri($"/attestations?limit=1&cursor={first.GetProperty("next_cursor").GetString()}", UriKind.Relative));
        await elsewhere.IsProblemAsync(ProblemTypes.InvalidCursor, "cursor");
    }

    [PostgresFact]
    public async Task Another_tenants_attestation_is_not_there()
    {
        var (mine, theirs) = (await ledger.AddTenantAsync(), await ledger.AddTenantAsync());
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, mine);
        var envelope = attestor.Envelope(Attestor.Statement(Subject));
        using var owner = ledger.ClientFor(mine);
        using var posted = await owner.PostAsync("/attestations", Answers.Json(envelope));
        using var stranger = ledger.ClientFor(theirs);
        using var theirsToo = await stranger.GetAsync(posted.Headers.Location);
        await theirsToo.IsProblemAsync(ProblemTypes.NotFound);
        Assert.Empty(await PagesAsync(stranger, $"/attestations?subject_sha256={Subject}"));
        using var key = await stranger.PostAsync("/attestations", Answers.Json(envelope)); // mine's key is not theirs
        await key.IsProblemAsync(ProblemTypes.AttestationSignatureInvalid, "signatures[0].sig");
    }

    [PostgresFact]
    public async Task The_examples_beside_the_project_are_taken()
    {
        var lines = await File.ReadAllLinesAsync(Testing.RepositoryPath.Of("Ledger.Api", "Ledger.Api.http"));
        var tenant = await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var key = await admin.PostAsync("/api/v1/attestation-keys",
            Answers.Json(lines.Single(line => line.Contains("\"public_key\"", StringComparison.Ordinal))));
        await key.JsonAsync(HttpStatusCode.Created);
        using var attested = await admin.PostAsync("/attestations",
            Answers.Json(lines.Single(line => line.Contains("\"payloadType\"", StringComparison.Ordinal))));
        await attested.JsonAsync(HttpStatusCode.Created);
        Assert.Single(await PagesAsync(admin, $"/attestations?subject_sha256={Digest.Sha256("Hello World"u8)}"));
    }

    private static async Task<List<string>> PagesAsync(HttpClient client, string path)
    {
        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetJsonAsync(path + (cursor is null ? "" : $"&cursor={cursor}"));
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sha256").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return found;
    }
}
