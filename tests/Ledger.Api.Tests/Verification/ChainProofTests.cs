using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Verification;

public class ChainProofTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task A_sound_chain_says_what_was_checked()
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        var empty = (await client.GetJsonAsync("/chain/proof")).GetProperty("chain_proof");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, empty.GetProperty("head").ValueKind);

        var entries = await ledger.AppendManyAsync(tenant, 4);
        await ledger.CoverAsync();
        foreach (var (query, mode, from, count) in new[] { ("", "incremental", 0, 4), ("?full=true", "full", 0, 4),
            ("?full=true&from=1&to=2", "full", 1, 2) })
        {
            var proof = (await client.GetJsonAsync("/chain/proof" + query)).GetProperty("chain_proof");
            Assert.Equal(3, proof.GetProperty("head").GetProperty("chain_seq").GetInt64());
            Assert.Equal(entries[3].LeafHash.ToHex(), proof.GetProperty("head").GetProperty("leaf_hash").GetString());
            Assert.Equal(mode, proof.GetProperty("checked").GetProperty("mode").GetString());
            Assert.Equal(from, proof.GetProperty("checked").GetProperty("from").GetInt64());
            Assert.Equal(count, proof.GetProperty("checked").GetProperty("entries").GetInt64());
            Assert.Equal(4, proof.GetProperty("latest_checkpoint").GetProperty("tree_size").GetInt64());
        }
    }

    [PostgresTheory]
    [InlineData("DELETE FROM chain_entries WHERE tenant_id = '{0}' AND seq = 1", "fact_missing", 1)]
    [InlineData("DELETE FROM chain_entries WHERE tenant_id = '{0}' AND seq = 3", "chain_seq_gap", 3)]
    [InlineData("UPDATE chain_entries SET prev = sha256('x') WHERE tenant_id = '{0}' AND seq = 2", "previous_hash_mismatch", 2)]
    [InlineData("UPDATE chain_entries SET subject = 'another' WHERE tenant_id = '{0}' AND seq = 2", "event_hash_mismatch", 2)]
    [InlineData("UPDATE chain_entries SET signature = decode(repeat('00', 64), 'hex') WHERE tenant_id = '{0}' AND seq = 2",
        "event_hash_mismatch", 2)]
    [InlineData("UPDATE chain_entries SET leaf_hash = sha256('x') WHERE tenant_id = '{0}' AND seq = 2", "chain_hash_mismatch", 2)]
    public async Task A_tampered_chain_names_the_reason_and_the_seq(string tampering, string reason, int seq)
    {
        var tenant = await ledger.AddTenantAsync();
        await ledger.AppendManyAsync(tenant, 4);
        await ledger.CoverAsync();
        await ledger.TamperAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, tampering, tenant));
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.GetAsync(new Uri("/chain/proof?full=true", UriKind.Relative));
        var problem = await answer.IsProblemAsync(ProblemTypes.FactChainMismatch);
        Assert.Equal(reason, problem.GetProperty("mismatch_reason").GetString());
        Assert.Equal(seq, problem.GetProperty("chain_seq").GetInt64());
    }

    [PostgresTheory]
    [InlineData("full=yes", "full")]
    [InlineData("from=1", "from")]
    [InlineData("to=1", "to")]
    [InlineData("full=true&from=x", "from")]
    [InlineData("full=true&from=2&to=1", "to")]
    [InlineData("depth=3", "depth")]
    public async Task A_bad_parameter_is_named(string query, string field)
    {
        using var client = ledger.ClientFor(await ledger.AddTenantAsync());
        using var answer = await client.GetAsync(new Uri($"/chain/proof?{query}", UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.InvalidParameter, field);
    }
}
