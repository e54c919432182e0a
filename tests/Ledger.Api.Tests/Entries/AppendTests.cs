using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing.Attributes;
using Ledger.Verify;
using Ledger.Verify.Verification;

namespace Ledger.Api.Tests.Entries;

public class AppendTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string HelloWorld = """{"subject":"user-action","payload":"SGVsbG8gV29ybGQ=","meta":{"user_id":"12345"}}""";

    [PostgresFact]
    public async Task An_append_answers_with_a_receipt_that_verifies()
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/append", Answers.Json(HelloWorld));
        var receipt = await answer.JsonAsync(HttpStatusCode.Created);

        Assert.Equal($"/entries/{receipt.GetProperty("id").GetString()}", answer.Headers.Location?.OriginalString);
        Assert.Equal("a591a6d40bf420404a011733cfb7b190d62c65bf0bcda32b57b277d9ad9f146e", receipt.GetProperty("payload_hash").GetString());
        Assert.Equal(0, receipt.GetProperty("chain_seq").GetInt64());
        Assert.Equal(new string('0', 64), receipt.GetProperty("prev").GetString());
        Assert.Equal($"ledger.test/log/{tenant}", receipt.GetProperty("origin").GetString());
        Assert.Equal("", receipt.GetProperty("rekor_log_id").GetString());

        Assert.True(Verify.Entries.Receipt.TryParse(await answer.Content.ReadAsByteArrayAsync(), out var parsed, out _));
        var report = ReceiptVerifier.WithoutTrustUnsafe().Verify(parsed, Digest.Sha256("Hello World"u8));
        Assert.Equal(Verdict.SelfConsistentOnly, report.Verdict);
    }

    [PostgresFact]
    public async Task Each_entry_follows_the_one_before()
    {
        var tenant = await ledger.AddTenantAsync();
        var first = await ledger.AppendAsync(tenant);
        var second = await ledger.AppendAsync(tenant);
        Assert.Equal(1, second.ChainSeq);
        Assert.Equal(first.LeafHash, second.Prev);
    }

    [PostgresFact]
    public async Task What_was_appended_is_read_back()
    {
        var tenant = await ledger.AddTenantAsync();
        var receipt = await ledger.AppendAsync(tenant, "größe/✓", "x", new { a = 1 });
        using var client = ledger.ClientFor(tenant, "AUDITOR");
        var entry = await client.GetJsonAsync($"/entries/{receipt.Id}");
        Assert.Equal("größe/✓", entry.GetProperty("subject").GetString());
        Assert.Equal(Convert.ToBase64String(receipt.Statement), entry.GetProperty("statement").GetString());
        Assert.Equal("""{"a":1}""", entry.GetProperty("meta").GetRawText());
        Assert.Equal(receipt.CreatedAt, entry.GetProperty("created_at").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, entry.GetProperty("anchored_at").ValueKind);
    }

    [PostgresFact]
    public async Task The_payload_is_kept_nowhere()
    {
        var tenant = await ledger.AddTenantAsync();
        await ledger.AppendAsync(tenant, payload: "a secret that must not be stored");
        await using var rows = ledger.Owner.CreateCommand(
            "SELECT count(*) FROM ledger.chain_entries e, ledger.entry_meta m WHERE (e::text || m::text) LIKE '%secret%'");
        Assert.Equal(0L, await rows.ExecuteScalarAsync());
    }
}
