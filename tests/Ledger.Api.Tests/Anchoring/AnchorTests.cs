using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Anchoring;
using Ledger.Core.Problems;
using Ledger.Testing.Anchoring;
using Ledger.Testing.Attributes;
using static Ledger.Api.Tests.Fixture.AnchorRows;

namespace Ledger.Api.Tests.Anchoring;

public class AnchorTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task An_entry_shows_the_first_anchored_checkpoint_that_covers_it_and_index_0_is_one()
    {
        var tenant = await CoveredAsync(1, 2, 3);
        var entries = (await ledger.AppendManyAsync(tenant, 1)).ToList();
        await ledger.AddAnchorAsync(tenant, 6, index: 7, second: 1);
        await ledger.AddAnchorAsync(tenant, 3, index: 0, second: 2); // smaller, later: still the first that covers seqs 0 to 2
        using var client = ledger.ClientFor(tenant);
        var items = (await client.GetJsonAsync("/entries")).GetProperty("items").EnumerateArray().Reverse().ToList();
        Assert.Equal([0, 0, 0, 7, 7, 7, 0], items.Select(item => item.GetProperty("rekor_index").GetInt64()));
        Assert.Equal(6, items.Count(item => item.GetProperty("rekor_log_id").GetString()!.Length == 80));
        Assert.Equal("2026-01-02T03:04:02.000000Z", items[0].GetProperty("anchored_at").GetString());
        Assert.Equal("", items[6].GetProperty("rekor_log_id").GetString());
        Assert.Equal(JsonValueKind.Null, items[6].GetProperty("anchored_at").ValueKind);

        var one = await client.GetJsonAsync($"/entries/{items[0].GetProperty("id").GetString()}");
        Assert.Equal(items[0].GetRawText(), one.GetRawText());
        Assert.Equal([entries[0].Id], (await client.GetJsonAsync("/entries?anchored=false")).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetString()!));
        Assert.Equal(6, (await client.GetJsonAsync("/entries?anchored=true")).GetProperty("items").GetArrayLength());
    }

    [PostgresFact]
    public async Task A_checkpoint_shows_its_anchors_the_primary_logs_first()
    {
        var tenant = await CoveredAsync(1, 2);
        var log = new ScriptedLog("primary.test");
        await ledger.AddAnchorAsync(tenant, 3, LogA, 5, second: 1);
        await ledger.AddAnchorAsync(tenant, 3, log.Id, 6, second: 2);
        await ledger.AddAnchorAsync(tenant, 1, LogA, 4);
        await ledger.AddAnchorAsync(tenant, 1, kind: AnchorKind.Payload, index: 9); // of seq 1, not of size 1
        await using var api = ledger.WithLogs(null, log);
        using var client = api.Client(ledger.Issuer.Token(tenant, "AUDITOR"));
        foreach (var path in new[] { "/checkpoints/latest", "/checkpoints/3" })
            Assert.Equal([6L, 5], Indexes((await client.GetJsonAsync(path)).GetProperty("anchors")));
        var list = (await client.GetJsonAsync("/checkpoints")).GetProperty("items");
        Assert.Equal([6L, 5], Indexes(list[0].GetProperty("anchors")));
        Assert.Equal([4L], Indexes(list[1].GetProperty("anchors")));

        var proof = (await client.GetJsonAsync("/chain/proof")).GetProperty("chain_proof");
        Assert.Equal((3, 6), (proof.GetProperty("anchor").GetProperty("size").GetInt64(),
            proof.GetProperty("anchor").GetProperty("log_index").GetInt64()));
        Assert.Equal([6L, 5], Indexes(proof.GetProperty("latest_checkpoint").GetProperty("anchors")));
    }

    [PostgresFact]
    public async Task The_chain_proof_shows_the_newest_anchor_also_when_newer_checkpoints_have_none()
    {
        var tenant = await CoveredAsync(1, 2);
        using var client = ledger.ClientFor(tenant);
        Assert.Equal(JsonValueKind.Null,
            (await client.GetJsonAsync("/chain/proof")).GetProperty("chain_proof").GetProperty("anchor").ValueKind);
        await ledger.AddAnchorAsync(tenant, 1);
        var proof = (await client.GetJsonAsync("/chain/proof")).GetProperty("chain_proof");
        Assert.Equal(1, proof.GetProperty("anchor").GetProperty("size").GetInt64());
        Assert.Empty(proof.GetProperty("latest_checkpoint").GetProperty("anchors").EnumerateArray());
    }

    [PostgresFact]
    public async Task The_anchor_of_a_checkpoint_is_a_file_the_primary_logs_unless_another_is_named()
    {
        var tenant = await CoveredAsync(3);
        var log = new ScriptedLog("primary.test");
        await ledger.AddAnchorAsync(tenant, 3, LogA, 5, second: 1);
        await ledger.AddAnchorAsync(tenant, 3, log.Id, 6, second: 3);
        await ledger.AddAnchorAsync(tenant, 3, log.Id, 8, second: 2); // logged twice: the earlier one first
        await using var api = ledger.WithLogs(null, log);
        foreach (var (process, query, expected) in new[]
        {
            (api, "", Bundle(AnchorKind.Checkpoint, 3, log.Id, 8)),
            (api, $"?log={LogA}", Bundle(AnchorKind.Checkpoint, 3, LogA, 5)),
            (ledger.Api, "", Bundle(AnchorKind.Checkpoint, 3, LogA, 5)), // no log is configured: the first
        })
        {
            using var client = process.Client(ledger.Issuer.Token(tenant, "AUDITOR"));
            using var answer = await client.GetAsync(new Uri("/checkpoints/3/anchor.sigstore.json" + query, UriKind.Relative));
            Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
            Assert.Equal("application/vnd.dev.sigstore.bundle.v0.3+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.NotNull(answer.Headers.ETag);
        }
    }

    [PostgresTheory]
    [InlineData("/checkpoints/3/anchor.sigstore.json?log=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "not-found",
        null)]
    [InlineData("/checkpoints/2/anchor.sigstore.json", "not-found", null)]
    [InlineData("/checkpoints/03/anchor.sigstore.json", "not-found", null)]
    [InlineData("/checkpoints/x/anchor.sigstore.json", "not-found", null)]
    [InlineData("/checkpoints/3/anchor.sigstore.json?epoch=2", "not-found", null)]
    [InlineData("/checkpoints/3/anchor.sigstore.json?log=B", "invalid-parameter", "log")]
    [InlineData("/checkpoints/2/body", "not-found", null)]
    [InlineData("/checkpoints/x/body", "not-found", null)]
    [InlineData("/checkpoints/3/body?epoch=2", "not-found", null)]
    [InlineData("/anchors?kind=entry", "invalid-parameter", "kind")]
    [InlineData("/anchors?epoch=2", "not-found", null)]
    [InlineData("/anchors?cursor=AAAA", "invalid-cursor", "cursor")]
    [InlineData("/anchors?limit=1001", "invalid-parameter", "limit")]
    [InlineData("/anchors?log=x", "invalid-parameter", "log")]
    public async Task What_was_never_anchored_is_not_there(string path, string slug, string? field)
    {
        var tenant = await CoveredAsync(3);
        await ledger.AddAnchorAsync(tenant, 3);
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
    }

    [PostgresFact]
    public async Task The_body_is_the_three_lines_that_were_signed()
    {
        var tenant = await CoveredAsync(3);
        using var client = ledger.ClientFor(tenant);
        var body = await client.GetByteArrayAsync(new Uri("/checkpoints/3/body", UriKind.Relative));
        var note = (await client.GetJsonAsync("/checkpoints/3")).GetProperty("note").GetString()!;
        Assert.Equal(note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)], Encoding.UTF8.GetString(body));
        Assert.Equal(3, body.Count(b => b == '\n'));
        Assert.Equal($"ledger.test/log/{tenant}", Encoding.UTF8.GetString(body).Split('\n')[0]);
        Assert.Equal(32, SHA256.HashData(body).Length);
    }

    [PostgresFact]
    public async Task The_list_has_every_anchor_once_by_kind_and_newest_position()
    {
        var tenant = await CoveredAsync(3);
        foreach (var (kind, position, log, index) in new[]
        {
            (AnchorKind.Checkpoint, 1, LogA, 1), (AnchorKind.Checkpoint, 3, LogA, 2), (AnchorKind.Checkpoint, 3, LogA, 0),
            (AnchorKind.Checkpoint, 3, LogB, 0), (AnchorKind.Payload, 0, LogA, 3), (AnchorKind.Payload, 2, LogA, 4),
            (AnchorKind.Attestation, 1, LogA, 5),
        })
            await ledger.AddAnchorAsync(tenant, position, log, index, kind);
        string[] expected = ["checkpoint 3 b 0", "checkpoint 3 a 2", "checkpoint 3 a 0", "checkpoint 1 a 1", "attestation 1 a 5",
            "payload 2 a 4", "payload 0 a 3"];
        using var client = ledger.ClientFor(tenant, "AUDITOR");
        foreach (var limit in new[] { 1, 2, 3, 4, 5, 7, 8, 100 }) Assert.Equal(expected, await PagesAsync(client, "/anchors", limit));
        foreach (var kind in new[] { "checkpoint", "attestation", "payload" })
            Assert.Equal(expected.Where(item => item.StartsWith(kind, StringComparison.Ordinal)),
                await PagesAsync(client, $"/anchors?kind={kind}", 2));

        var item = (await client.GetJsonAsync("/anchors?kind=payload")).GetProperty("items")[0];
        Assert.Equal(2, item.GetProperty("seq").GetInt64());
        Assert.False(item.TryGetProperty("size", out _));
        Assert.Equal("1970-01-01T00:00:00.000000Z", item.GetProperty("integrated_time").GetString());
    }

    [PostgresFact]
    public async Task Envelopes_are_listed_a_few_at_a_time()
    {
        var tenant = await CoveredAsync(1);
        for (var i = 0; i < 26; i++) await ledger.AddAnchorAsync(tenant, i, kind: AnchorKind.Attestation);
        using var client = ledger.ClientFor(tenant);
        Assert.Equal(25, (await client.GetJsonAsync("/anchors?limit=1000")).GetProperty("items").GetArrayLength());
        Assert.Equal(26, (await PagesAsync(client, "/anchors", 1000)).Count);
    }

    [PostgresFact]
    public async Task Anybody_lists_a_public_logs_anchored_checkpoints_and_no_other_anchor()
    {
        var (open, closed) = (await CoveredAsync(true, 3), await CoveredAsync(3));
        foreach (var tenant in new[] { open, closed })
        {
            await ledger.AddAnchorAsync(tenant, 3);
            await ledger.AddAnchorAsync(tenant, 1, index: 1);
            await ledger.AddAnchorAsync(tenant, 0, kind: AnchorKind.Payload, index: 2);
            await ledger.AddAnchorAsync(tenant, 0, kind: AnchorKind.Attestation, index: 3);
        }
        using var anybody = ledger.Anonymous();
        Assert.Equal(["checkpoint 3 a 0", "checkpoint 1 a 1"], await PagesAsync(anybody, $"/log/{open}/anchors", 1));
        using var answer = await anybody.GetAsync(new Uri($"/log/{open}/anchors", UriKind.Relative));
        Assert.True(answer.Headers.CacheControl!.NoCache);
        using var refused = await anybody.GetAsync(new Uri($"/log/{closed}/anchors", UriKind.Relative));
        await refused.IsProblemAsync(ProblemTypes.NotFound);
        using var own = ledger.ClientFor(closed);
        Assert.Equal(2, (await PagesAsync(own, $"/log/{closed}/anchors", 100)).Count);
        using var misspelt = await anybody.GetAsync(new Uri($"/log/{open}/anchors?kind=payload", UriKind.Relative));
        await misspelt.IsProblemAsync(ProblemTypes.InvalidParameter, "kind");
    }

    [PostgresFact]
    public async Task A_cursor_is_good_for_its_own_list_alone()
    {
        var (mine, theirs) = (await CoveredAsync(3), await CoveredAsync(3));
        foreach (var tenant in new[] { mine, theirs })
        {
            await ledger.AddAnchorAsync(tenant, 3);
            await ledger.AddAnchorAsync(tenant, 1);
        }
        using var client = ledger.ClientFor(mine);
        using var stranger = ledger.ClientFor(theirs);
        var cursor = (await client.GetJsonAsync("/anchors?limit=1")).GetProperty("next_cursor").GetString();
        foreach (var (caller, path) in new[]
        {
            (stranger, $"/anchors?cursor={cursor}"), (client, $"/anchors?kind=checkpoint&cursor={cursor}"),
            (client, $"/checkpoints?cursor={cursor}"), (client, $"/anchors?cursor={cursor}A"), (client, $"/anchors?cursor={cursor![..^1]}"),
        })
        {
            using var answer = await caller.GetAsync(new Uri(path, UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.InvalidCursor, "cursor");
        }
    }

    [PostgresFact]
    public async Task The_trust_file_names_the_configured_logs_and_none_where_none_is()
    {
        var tenant = await CoveredAsync(true, 1);
        Assert.Null((await Trust.OfAsync(ledger, tenant)).TrustedRoot);
    }

    private Task<string> CoveredAsync(params int[] counts) => CoveredAsync(false, counts);

    /// <summary>A tenant whose log was covered after so many entries each time.</summary>
    private async Task<string> CoveredAsync(bool isPublic, params int[] counts)
    {
        var tenant = await ledger.AddTenantAsync(isPublic);
        foreach (var count in counts)
        {
            await ledger.AppendManyAsync(tenant, count);
            await ledger.CoverAsync();
        }
        return tenant;
    }

    private static IEnumerable<long> Indexes(JsonElement anchors) =>
        anchors.EnumerateArray().Select(anchor => anchor.GetProperty("log_index").GetInt64());

    private static async Task<List<string>> PagesAsync(HttpClient client, string path, int limit)
    {
        var found = new List<string>();
        string? cursor = null;
        do
        {
            var more = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await client.GetJsonAsync($"{path}{more}limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                var (kind, index) = (item.GetProperty("kind").GetString()!, item.GetProperty("log_index").GetInt64());
                var position = item.GetProperty(kind == "checkpoint" ? "size" : "seq").GetInt64();
                var log = item.GetProperty("log_id").GetString()!;
                Assert.Equal(Bundle(Enum.Parse<AnchorKind>(kind, ignoreCase: true), position, log, index),
                    item.GetProperty("bundle").GetRawText());
                found.Add($"{kind} {position} {log[..1]} {index}");
            }
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return found;
    }
}
