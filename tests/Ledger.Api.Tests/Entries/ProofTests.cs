using System.Net;
using System.Net.Http.Headers;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;
using Ledger.Verify.Verification;

namespace Ledger.Api.Tests.Entries;

public class ProofTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task Until_a_checkpoint_covers_it_an_entry_has_neither_proof_nor_bundle()
    {
        var tenant = await ledger.AddTenantAsync();
        var entry = await ledger.AppendAsync(tenant);
        using var client = ledger.ClientFor(tenant);
        foreach (var part in new[] { "proof", "bundle" })
        {
            using var answer = await client.GetAsync(new Uri($"/entries/{entry.Id}/{part}", UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.NotYetCovered);
        }
    }

    [PostgresFact]
    public async Task Every_entrys_proof_leads_to_the_latest_checkpoint()
    {
        var tenant = await ledger.AddTenantAsync();
        var entries = await ledger.AppendManyAsync(tenant, 5);
        await ledger.CoverAsync();
        entries = [.. entries, .. await ledger.AppendManyAsync(tenant, 4)];
        await ledger.CoverAsync();
        var key = (await Trust.OfAsync(ledger, tenant)).Logs.Single().CheckpointKeys.Single().Key;
        using var client = ledger.ClientFor(tenant);
        foreach (var entry in entries)
        {
            var proof = await client.GetJsonAsync($"/entries/{entry.Id}/proof");
            Assert.Equal(9, proof.GetProperty("tree_size").GetInt64());
            Assert.Equal(entry.ChainSeq, proof.GetProperty("leaf_index").GetInt64());
            var hashes = proof.GetProperty("hashes").EnumerateArray().Select(hash => Digest.ParseHex(hash.GetString()!)).ToList();
            Assert.True(Note.TryParse(proof.GetProperty("checkpoint").GetString()!, out var note, out _));
            Assert.Null(key.Verify(note));
            Assert.True(Checkpoint.TryParse(note.Text, out var checkpoint, out _));
            Assert.Null(InclusionProof.Check(entry.LeafHash, entry.ChainSeq, checkpoint.Size, hashes, checkpoint.Root));
        }
    }

    [PostgresFact]
    public async Task As_text_it_is_a_tlog_proof()
    {
        var tenant = await ledger.AddTenantAsync();
        var entries = await ledger.AppendManyAsync(tenant, 3);
        await ledger.CoverAsync();
        using var client = ledger.ClientFor(tenant);
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
        using var answer = await client.GetAsync(new Uri($"/entries/{entries[1].Id}/proof", UriKind.Relative));
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(TlogProof.TryParse(await answer.Content.ReadAsStringAsync(), out var proof, out _));
        Assert.True(Checkpoint.TryParse(proof.Checkpoint.Text, out var checkpoint, out _));
        Assert.Null(InclusionProof.Check(entries[1].LeafHash, proof.Index, checkpoint.Size, proof.Hashes, checkpoint.Root));
    }

    [PostgresTheory]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json, text/plain;q=0.5", "application/json")]
    [InlineData("application/json;q=0.1, text/plain", "text/plain")]
    [InlineData("text/*", "text/plain")]
    [InlineData("application/pdf", null)]
    [InlineData("text/plain;q=0", null)]
    [InlineData("text/plain;q=0, */*", "application/json")]
    [InlineData("application/json;q=0, */*;q=0.1", "text/plain")]
    public async Task The_form_is_what_the_caller_would_rather_have(string accept, string? type)
    {
        var tenant = await ledger.AddTenantAsync();
        var entry = await ledger.AppendAsync(tenant);
        await ledger.CoverAsync();
        using var client = ledger.ClientFor(tenant);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
        using var answer = await client.GetAsync(new Uri($"/entries/{entry.Id}/proof", UriKind.Relative));
        if (type is null) await answer.IsProblemAsync(ProblemTypes.NotAcceptable, "Accept");
        else Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
    }

    [PostgresFact]
    public async Task A_bundle_verifies_offline_and_not_for_another_payload()
    {
        var tenant = await ledger.AddTenantAsync();
        await ledger.AppendAsync(tenant);
        var entry = await ledger.AppendAsync(tenant, meta: new { user_id = "12345" });
        await ledger.CoverAsync();
        var trust = await Trust.OfAsync(ledger, tenant);
        var (bytes, bundle) = await Trust.BundleAsync(ledger, tenant, entry.Id);
        Assert.Equal(bundle.ToBytes(), bytes);
        Assert.Equal(Verdict.VerifiedNotAnchored, Trust.Judge(trust, bundle, Digest.Sha256("Hello World"u8)).Verdict);
        Assert.Equal(Verdict.Failed, Trust.Judge(trust, bundle, Digest.Sha256("hello world"u8)).Verdict);
        Assert.Equal("""{"user_id":"12345"}"""u8.ToArray(), bundle.Meta!.Value);
        Assert.Equal(Verdict.Verified, new ReceiptVerifier(trust).Verify(entry).Verdict);
    }

    [PostgresFact]
    public async Task An_unchanged_bundle_is_not_sent_twice()
    {
        var tenant = await ledger.AddTenantAsync();
        var entry = await ledger.AppendAsync(tenant);
        await ledger.CoverAsync();
        using var client = ledger.ClientFor(tenant);
        using var first = await client.GetAsync(new Uri($"/entries/{entry.Id}/bundle", UriKind.Relative));
        Assert.Equal("application/vnd.ledger.bundle.v1+json", first.Content.Headers.ContentType?.MediaType);
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await client.GetAsync(new Uri($"/entries/{entry.Id}/bundle", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        await ledger.AppendAsync(tenant);
        await ledger.CoverAsync();
        using var third = await client.GetAsync(new Uri($"/entries/{entry.Id}/bundle", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, third.StatusCode); // another checkpoint, another bundle
    }
}
