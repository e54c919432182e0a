using System.Net;
using System.Text.Json;
using Ledger.Verify;
using Ledger.Verify.Verification;
using Npgsql;

namespace Ledger.Workers.Tests.Crashes;

/// <summary>Re-verifies a log from outside: what its API serves, judged by ledger-verify's own code, and what its table holds.</summary>
internal static class WholeLog
{
    /// <summary>
    /// Every acknowledged entry is there, once, where it was said to be, and its bundle verifies; the whole chain verifies.
    /// </summary>
    public static async Task CheckAsync(HttpClient api, string owner, string tenant, IReadOnlyCollection<Acknowledged> acknowledged)
    {
        var (rows, last) = await CountAsync(owner, tenant);
        Assert.Equal(acknowledged.Count, acknowledged.Select(a => a.Key).Distinct().Count());
        Assert.Equal(acknowledged.Count, acknowledged.Select(a => a.Id).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, acknowledged.Count).Select(i => (long)i), acknowledged.Select(a => a.Seq).Order());
        Assert.Equal((acknowledged.Count, acknowledged.Count - 1), (rows, last));

        await CoveredAsync(api, acknowledged.Count);
        using var proof = await api.GetAsync(new Uri("/chain/proof?full=true", UriKind.Relative));
        Assert.True(proof.StatusCode == HttpStatusCode.OK, await proof.Content.ReadAsStringAsync());

        Assert.True(TrustFile.TryParse(await api.GetByteArrayAsync(new Uri($"/log/{tenant}/keys", UriKind.Relative)), out var trust,
            out var unreadable), $"{unreadable}");
        var verifier = new BundleVerifier(trust);
        await Parallel.ForEachAsync(acknowledged, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (entry, cancel) =>
        {
            var file = await api.GetByteArrayAsync(new Uri($"/entries/{entry.Id}/bundle", UriKind.Relative), cancel);
            Assert.True(Bundle.TryParse(file, out var bundle, out var failure), $"{failure}");
            var report = verifier.Verify(bundle, TrustPolicy.Default.WithoutAnchorsUnsafe(),
                Digest.Sha256(Convert.FromBase64String(entry.Payload)));
            Assert.True(report.PolicySatisfied, string.Join('\n', report.Checks));
            Assert.Equal(entry.Seq, bundle.Leaf.Seq);
        });
    }

    /// <summary>Waits until a checkpoint covers so many entries.</summary>
    public static async Task CoveredAsync(HttpClient api, long size)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var answer = await api.GetAsync(new Uri("/checkpoints/latest", UriKind.Relative), patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(patience.Token));
                if (json.RootElement.GetProperty("tree_size").GetInt64() >= size) return;
            }
            await Task.Delay(50, patience.Token);
        }
    }

    public static async Task<(int Rows, long Last)> CountAsync(string owner, string tenant)
    {
        await using var database = NpgsqlDataSource.Create(owner);
        await using var command = database.CreateCommand(
            "SELECT count(*)::integer, COALESCE(max(seq), -1) FROM ledger.chain_entries WHERE tenant_id = $1");
        command.Parameters.Add(new() { Value = tenant });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt32(0), reader.GetInt64(1));
    }
}
