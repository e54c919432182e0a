using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Ledger.Verify;

namespace Ledger.Api.Tests.Anchoring;

public class RekorVerifyTests(AnchoredLedger ledger) : IClassFixture<AnchoredLedger>
{
    private const string Path = "/api/v1/rekor/verify";

    [PostgresTheory]
    [InlineData(false, "stored")]
    [InlineData(true, "fresh")]
    public async Task An_anchor_is_verified_by_its_id_in_each_log_with_the_stored_proof_or_a_fresh_one(bool refresh, string proof)
    {
        var tenant = await AnchoredAsync();
        using var client = ledger.ClientFor(tenant, "AUDITOR");
        foreach (var anchor in (await client.GetJsonAsync("/anchors")).GetProperty("items").EnumerateArray())
        {
            var answer = await AskAsync(client, new { uuid = anchor.GetProperty("entry_id").GetString(), refresh_proof = refresh });
            Assert.Equal(("uuid", "verified"), (Text(answer, "query"), Text(answer, "verdict")));
            var result = answer.GetProperty("results").EnumerateArray().Single();
            Assert.Equal(proof, Text(result, "proof"));
            Assert.Equal(Text(anchor, "log_id"), Text(result.GetProperty("anchor"), "log_id"));
            var v1 = Text(anchor, "backend") == "rekor-v1";
            Assert.Equal(["anchor-signature pass", "log-inclusion pass", "log-checkpoint-signature pass", v1 ? "set pass" : "set absent",
                v1 ? "timestamp absent" : "timestamp pass"], Checks(result));
        }
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bundle_is_verified_by_the_tenants_keys_in_whatever_layout_it_comes(bool refresh)
    {
        var tenant = await AnchoredAsync();
        using var client = ledger.ClientFor(tenant);
        foreach (var log in new[] { ledger.FirstLog, ledger.SecondLog })
        {
            var bundle = await client.GetStringAsync(new Uri($"/checkpoints/1/anchor.sigstore.json?log={log}", UriKind.Relative));
            var turned = new JsonObject(
                JsonNode.Parse(bundle)!.AsObject().Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value!.DeepClone()))!);
            var question = new JsonObject { ["bundle"] = turned, ["refresh_proof"] = refresh };
            using var answer = await client.PostAsync(Path,
                Answers.Json(question.ToJsonString(new JsonSerializerOptions { WriteIndented = true })));
            var result = (await answer.JsonAsync()).GetProperty("results")[0];
            Assert.Equal((refresh ? "fresh" : "given", "verified"), (Text(result, "proof"), Text(result, "verdict")));
            Assert.False(result.TryGetProperty("anchor", out _));
        }
    }

    [PostgresFact]
    public async Task A_payload_is_verified_by_its_own_anchors_and_the_checkpoints()
    {
        var (plain, entry) = (await AnchoredAsync(), await ledger.AddEagerTenantAsync("entry"));
        await ledger.AppendAsync(entry);
        await ledger.AnchorAsync();
        var hash = Digest.Sha256("Hello World"u8).ToHex();
        foreach (var (tenant, kinds) in new[]
        {
            (plain, new[] { "checkpoint", "checkpoint" }), (entry, ["payload", "payload", "checkpoint", "checkpoint"]),
        })
        {
            using var client = ledger.ClientFor(tenant);
            var answer = await AskAsync(client, new { artifact_sha256 = hash, refresh_proof = true });
            Assert.Equal("verified", Text(answer, "verdict"));
            Assert.Equal(kinds, answer.GetProperty("results").EnumerateArray().Select(r => Text(r.GetProperty("anchor"), "kind")));
        }
    }

    [PostgresFact]
    public async Task An_attestation_is_verified_by_the_registered_key_whichever_way_it_is_named()
    {
        var tenant = await ledger.AddEagerTenantAsync();
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        using var posted = await client.PostAsync("/attestations",
            Answers.Json(attestor.Envelope(Attestor.Statement(Digest.Sha256("app"u8)), attestor.KeyId)));
        var sha256 = Text(await posted.JsonAsync(HttpStatusCode.Created), "payload_hash");
        await ledger.AnchorAsync();

        var answer = await AskAsync(client, new { artifact_sha256 = sha256 });
        Assert.Equal("verified", Text(answer, "verdict"));
        Assert.Equal(["attestation", "attestation", "checkpoint", "checkpoint"],
            answer.GetProperty("results").EnumerateArray().Select(r => Text(r.GetProperty("anchor"), "kind")));
        Assert.Contains("payload-digest pass", Checks(answer.GetProperty("results")[0]));
        Assert.Contains("signature pass", Checks(answer.GetProperty("results")[0]));

        var bundle = (await client.GetJsonAsync("/anchors?kind=attestation")).GetProperty("items")[0].GetProperty("bundle").GetRawText();
        using var given = await client.PostAsync(Path, Answers.Json($$"""{"bundle":{{bundle}}}"""));
        Assert.Equal("verified", Text(await given.JsonAsync(), "verdict"));

        using var stranger = ledger.ClientFor(await ledger.AddTenantAsync());
        using var unknown = await stranger.PostAsync(Path, Answers.Json($$"""{"bundle":{{bundle}}}"""));
        var result = (await unknown.JsonAsync()).GetProperty("results")[0];
        Assert.Equal("failed", Text(result, "verdict"));
        Assert.Equal(["signature fail anchor-key-unknown"],
            Checks(result).Where(check => check.Contains(" fail ", StringComparison.Ordinal)));
    }

    [PostgresFact]
    public async Task Another_tenants_bundle_is_by_no_key_of_ours_though_the_log_holds_it()
    {
        var (mine, theirs) = (await AnchoredAsync(), await AnchoredAsync());
        using var owner = ledger.ClientFor(mine);
        using var stranger = ledger.ClientFor(theirs);
        var bundle = await owner.GetStringAsync(new Uri("/checkpoints/1/anchor.sigstore.json", UriKind.Relative));
        using var answer = await stranger.PostAsync(Path, Answers.Json($$"""{"bundle":{{bundle}}}"""));
        var result = (await answer.JsonAsync()).GetProperty("results")[0];
        Assert.Equal("failed", Text(result, "verdict"));
        Assert.Contains("anchor-signature fail anchor-key-unknown", Checks(result));
        Assert.Contains("log-inclusion pass", Checks(result));

        var uuid = Text((await owner.GetJsonAsync("/anchors")).GetProperty("items")[0], "entry_id");
        using var notTheirs = await stranger.PostAsync(Path, Answers.Json(JsonSerializer.Serialize(new { uuid })));
        await notTheirs.IsProblemAsync(ProblemTypes.NotFound);
    }

    [PostgresTheory]
    [InlineData("UPDATE anchors SET sigstore_bundle = convert_to(replace(convert_from(sigstore_bundle, 'UTF8'), "
        + "'\"treeSize\":\"', '\"treeSize\":\"9'), 'UTF8')", "log-inclusion")]
    [InlineData("UPDATE checkpoints SET root = decode(repeat('00', 32), 'hex')", "anchor-signature")]
    [InlineData("UPDATE anchors SET sigstore_bundle = 'x'", "anchor-signature")]
    public async Task What_was_altered_in_the_database_fails_with_a_code(string tamper, string check)
    {
        var tenant = await AnchoredAsync();
        await ledger.TamperAsync($"""
            ALTER TABLE anchors DISABLE TRIGGER ALL; ALTER TABLE checkpoints DISABLE TRIGGER ALL;
            {tamper} WHERE tenant_id = '{tenant}';
            ALTER TABLE anchors ENABLE ALWAYS TRIGGER append_only; ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER append_only
            """);
        using var client = ledger.ClientFor(tenant);
        var answer = await AskAsync(client, new { artifact_sha256 = Digest.Sha256("Hello World"u8).ToHex() });
        Assert.Equal("failed", Text(answer, "verdict"));
        foreach (var result in answer.GetProperty("results").EnumerateArray())
            Assert.Contains(Checks(result), line => line.StartsWith($"{check} fail ", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task What_has_no_anchor_yet_says_so_and_what_is_not_there_is_not_found()
    {
        var tenant = await ledger.AddTenantAsync();
        await ledger.AppendAsync(tenant, payload: "alone");
        using var client = ledger.ClientFor(tenant);
        var answer = await AskAsync(client, new { artifact_sha256 = Digest.Sha256("alone"u8).ToHex() });
        Assert.Equal(("not-anchored", 0), (Text(answer, "verdict"), answer.GetProperty("results").GetArrayLength()));
        using var nothing = await client.PostAsync(Path, Answers.Json($$"""{"artifact_sha256":"{{Digest.Sha256("nothing"u8)}}"}"""));
        await nothing.IsProblemAsync(ProblemTypes.NotFound);
    }

    [PostgresFact]
    public async Task More_fresh_proofs_than_four_are_refused_and_the_stored_ones_are_not()
    {
        var tenant = await ledger.AddEagerTenantAsync();
        for (var i = 0; i < 3; i++)
        {
            await ledger.AppendAsync(tenant);
            await ledger.AnchorAsync();
        }
        using var client = ledger.ClientFor(tenant);
        var hash = Digest.Sha256("Hello World"u8).ToHex();
        Assert.Equal(6, (await AskAsync(client, new { artifact_sha256 = hash })).GetProperty("results").GetArrayLength());
        using var answer = await client.PostAsync(Path,
            Answers.Json(JsonSerializer.Serialize(new { artifact_sha256 = hash, refresh_proof = true })));
        await answer.IsProblemAsync(ProblemTypes.TooManyProofs, "refresh_proof");
    }

    [PostgresFact]
    public async Task The_first_given_decides()
    {
        var tenant = await AnchoredAsync();
        using var client = ledger.ClientFor(tenant);
        var uuid = Text((await client.GetJsonAsync("/anchors")).GetProperty("items")[0], "entry_id");
        var answer = await AskAsync(client, new { artifact_sha256 = "not even a hash", uuid, bundle = new { } });
        Assert.Equal("uuid", Text(answer, "query"));
    }

    [PostgresFact]
    public async Task Without_its_log_there_is_no_fresh_proof_and_no_verdict()
    {
        var tenant = await AnchoredAsync();
        var settings = new Dictionary<string, string>(ledger.Settings) { ["Rekor:Logs:0:Url"] = "http://127.0.0.1:1/" };
        await using var api = new ApiProcess(settings);
        using var client = api.Client(ledger.Issuer.Token(tenant, "AUDITOR"));
        var anchor = (await client.GetJsonAsync("/anchors")).GetProperty("items").EnumerateArray()
            .Single(a => Text(a, "log_id") == ledger.FirstLog);
        using var answer = await client.PostAsync(Path,
            Answers.Json(JsonSerializer.Serialize(new { uuid = Text(anchor, "entry_id"), refresh_proof = true })));
        await answer.IsProblemAsync(ProblemTypes.TransparencyLogUnavailable);
        Assert.Equal("verified", Text(await AskAsync(client, new { uuid = Text(anchor, "entry_id") }), "verdict"));
    }

    [PostgresTheory]
    [InlineData("", "malformed-json", null)]
    [InlineData("[]", "malformed-json", null)]
    [InlineData("{}", "invalid_query", null)]
    [InlineData("""{"refresh_proof":true}""", "invalid_query", null)]
    [InlineData("""{"uuid":null,"bundle":null,"artifact_sha256":null}""", "invalid_query", null)]
    [InlineData("""{"uuid":7}""", "invalid-field", "uuid")]
    [InlineData("""{"uuid":""}""", "invalid-field", "uuid")]
    [InlineData("""{"uuid":"00"}""", "not-found", null)]
    [InlineData("""{"uuid":"a\u0000"}""", "invalid-text", "uuid")]
    [InlineData("""{"bundle":"x"}""", "invalid-field", "bundle")]
    [InlineData("""{"bundle":{}}""", "invalid-field", "bundle")]
    [InlineData("""{"artifact_sha256":"00"}""", "invalid-field", "artifact_sha256")]
    [InlineData("""{"uuid":"00","refresh_proof":"yes"}""", "invalid-field", "refresh_proof")]
    [InlineData("""{"uuid":"00","refreshProof":true}""", "unknown-field", "refreshProof")]
    [InlineData("""{"uuid":"00","uuid":"01"}""", "duplicate-field", "uuid")]
    public async Task A_bad_question_is_named(string body, string slug, string? field)
    {
        using var client = ledger.ClientFor(await ledger.AddTenantAsync(), "AUDITOR");
        using var answer = await client.PostAsync(Path, Answers.Json(body));
        await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
    }

    [PostgresFact]
    public async Task A_question_has_its_limits()
    {
        using var client = ledger.ClientFor(await ledger.AddTenantAsync());
        using var over = await client.PostAsync(Path, Answers.Json("{\"uuid\":\"00\"" + new string(' ', 1024 * 1024) + "}"));
        await over.IsProblemAsync(ProblemTypes.PayloadTooLarge);
        using var deep = await client.PostAsync(Path, Answers.Json("{\"bundle\":" + new string('[', 100) + new string(']', 100) + "}"));
        await deep.IsProblemAsync(ProblemTypes.MalformedJson);
        using var longId = await client.PostAsync(Path, Answers.Json($$"""{"uuid":"{{new string('0', 257)}}"}"""));
        await longId.IsProblemAsync(ProblemTypes.InvalidField, "uuid");
    }

    /// <summary>A tenant with one entry, payload "Hello World", anchored in both logs.</summary>
    private async Task<string> AnchoredAsync()
    {
        var tenant = await ledger.AddEagerTenantAsync();
        await ledger.AppendAsync(tenant);
        await ledger.AnchorAsync();
        return tenant;
    }

    private static async Task<JsonElement> AskAsync(HttpClient client, object question)
    {
        using var answer = await client.PostAsync(Path, Answers.Json(JsonSerializer.Serialize(question)));
        return await answer.JsonAsync();
    }

    private static IEnumerable<string> Checks(JsonElement result) => result.GetProperty("checks").EnumerateArray().Select(check =>
        $"{Text(check, "check")} {Text(check, "outcome")}{(check.TryGetProperty("code", out var code) ? " " + code.GetString() : "")}");

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString()!;
}
